import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OtlpReader } from '../../../src/capture/formats/otlp.ts';
import { callsOf, expectSound, fixtureLines, oddLines, read, storyOf } from '../../helpers/formats.ts';

const lines = fixtureLines('otlp/traces.jsonl');
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

function span(more: object, attributes: Record<string, string> = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x' }) {
  const list = Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  return { traceId: 't', spanId: 'a', attributes: list, ...more };
}

describe('spans of the GenAI and MCP conventions', () => {
  it.each([
    ['one request a line', lines],
    ['one document', [JSON.parse(readFileSync(`${import.meta.dirname}/../../fixtures/otlp/traces.json`, 'utf8')) as unknown]],
  ])('are put in order, and a call seen thrice is one: %s', (_, values) => {
    const { events, problems } = read(new OtlpReader(), values);
    expect(problems).toEqual([]);
    expect(storyOf(events)).toEqual(['prompt Find the OTel page', 'tool search', 'call search', 'call fetch', 'end']);
    expect(callsOf(events)).toEqual(['search failed 300', 'fetch ok 400']);
  });

  it('keep ids, arguments, what failed and the conversation of their trace', () => {
    const calls = read(new OtlpReader(), lines).events.flatMap((event) => (event.kind === 'call' ? [event] : []));
    expect(calls[0]).toMatchObject({
      session_id: 'otlp/conv-7',
      call_id: 'call_9',
      turn_id: TRACE,
      arguments: { q: 'otel', limit: 3 },
      error_message: 'tool_error',
    });
    expect(calls[1]).toMatchObject({
      call_id: `${TRACE}/0000000000000005`,
      arguments: { url: 'https://example.org' },
      result: '{"title":"Example"}',
    });
  });

  it('fail by status, in words or numbers, and by error.type', () => {
    const how = (more: object, attributes = {}) =>
      callsOf(
        read(new OtlpReader(), [span(more, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x', ...attributes })]).events,
      );
    expect(how({ status: { code: 2 } })).toEqual(['x failed -']);
    expect(how({ status: { code: 'STATUS_CODE_ERROR' } })).toEqual(['x failed -']);
    expect(how({}, { 'error.type': 'timeout' })).toEqual(['x failed -']);
    expect(how({ status: { code: 1 } })).toEqual(['x ok -']);
  });

  it('are of the session of MCP, or of their trace, where nothing else is told', () => {
    const mcp = { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'x', 'mcp.session.id': 's1' };
    expect(read(new OtlpReader(), [span({}, mcp)]).events[0]).toMatchObject({ session_id: 'otlp/s1', turn_id: null });
    expect(read(new OtlpReader(), [span({})]).events[0]).toMatchObject({ session_id: 'otlp/t' });
  });

  it('of an agent that is a tool, and of the tool that it calls, are two calls', () => {
    const inner = span({ spanId: 'b', parentSpanId: 'a' }, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'y' });
    expect(callsOf(read(new OtlpReader(), [inner, span({})]).events).toSorted()).toEqual(['x ok -', 'y ok -']);
  });
});

it('more spans than are held back are all told, in the order of each stretch', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => span({ spanId: `s${at}`, startTimeUnixNano: String(1_000_000_000 + at * 1000) }));
  const { events } = read(new OtlpReader(), [many.slice(0, 5000).reverse(), many.slice(5000)].flat());
  expect(callsOf(events)).toHaveLength(10_000);
});

it('what is no span is reported', () => {
  expect(read(new OtlpReader(), [{ a: 1 }, { resourceSpans: [] }]).problems).toEqual(['it has neither resourceSpans nor a spanId']);
});

it('odd values never make it throw, nor tell what the contract refuses', () => {
  const fields = [
    'resourceSpans',
    'scopeSpans',
    'spans',
    'spanId',
    'traceId',
    'parentSpanId',
    'attributes',
    'key',
    'value',
    'stringValue',
    'status',
    'code',
    'startTimeUnixNano',
    'arrayValue',
    'values',
  ];
  expectSound(() => new OtlpReader(), oddLines(...fields));
});
