import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { CaptureEvent } from '../../src/capture/events.ts';
import type { FormatReader } from '../../src/capture/formats/reader.ts';
import { LABEL, TOOL_NAME } from '../../src/core/names.ts';

export const READER_OPTIONS = Object.freeze({
  fallback: 'the-file',
  hash: (text: string) => createHash('sha256').update(text).digest('hex'),
});

/** The lines of a fixture as JSON; a line that is none is undefined. */
export function fixtureLines(name: string): unknown[] {
  const text = readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parsed);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

/** All that a reader tells of these values, and what it complains about. */
export function read(reader: FormatReader, values: readonly unknown[], key: string | null = null) {
  const taken = values.map((value) => reader.take(value, key));
  const events: CaptureEvent[] = [...taken.flatMap((each) => each.events), ...reader.end()];
  return { events, problems: taken.flatMap(({ problem }) => problem ?? []) };
}

/** The calls in short: `Bash ok 12`, `Bash failed -`, `Bash denied -`; times in milliseconds. */
export function callsOf(events: readonly CaptureEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind !== 'call') return [];
    const how = event.was_denied ? 'denied' : event.success ? 'ok' : 'failed';
    return [`${event.tool_name} ${how} ${event.execution_time_ms ?? '-'}`];
  });
}

/** Kinds in their order, with what matters of each. */
export function storyOf(events: readonly CaptureEvent[]): string[] {
  return events.map((event) => {
    if (event.kind === 'prompt') return `prompt ${event.text}`;
    if (event.kind === 'call') return `call ${event.tool_name}`;
    if (event.kind === 'stop') return `stop ${event.status}`;
    if (event.kind === 'advice') return `advice ${event.recommendation_id}`;
    if (event.kind === 'judged') return `judged ${event.outcome}`;
    return event.kind === 'tool' ? `tool ${event.tool_name}` : event.kind;
  });
}

/** Values that look like a source's lines, with anything where anything may stand. */
export function oddLines(...fields: readonly string[]): fc.Arbitrary<unknown> {
  const words = fc.constantFrom(
    'user',
    'assistant',
    'tool',
    'tool_use',
    'tool_result',
    'function_call',
    'function_call_output',
    'message',
    'call_1',
    'event_msg',
  );
  const leaf = fc.oneof(words, fc.jsonValue(), fc.constant('toString'), fc.constant('__proto__'));
  const record = (value: fc.Arbitrary<unknown>) => fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 8 });
  const inner = fc.oneof(leaf, record(leaf), fc.array(record(leaf), { maxLength: 3 }));
  const outer = fc.oneof(inner, record(inner), fc.array(record(inner), { maxLength: 3 }));
  return fc.oneof({ weight: 6, arbitrary: record(outer) }, { weight: 1, arbitrary: fc.jsonValue() });
}

/** Whatever the values are, a reader answers, and what it tells fits the contract. */
export function expectSound(reader: () => FormatReader, line: fc.Arbitrary<unknown>): void {
  const key = fc.constantFrom(null, 'messages', 'tools', 'id');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), key, (values, where) => {
      for (const event of read(reader(), values, where).events) expectValid(event);
    }),
    { numRuns: 400 },
  );
}

function expectValid(event: CaptureEvent): void {
  if (event.kind !== 'tool') expect(event.session_id).toMatch(LABEL);
  if (event.at_ms !== null) expect(Number.isSafeInteger(event.at_ms) && event.at_ms >= 0).toBe(true);
  if (event.kind === 'call' || event.kind === 'tool') expect(event.tool_name).toMatch(TOOL_NAME);
  if (event.kind !== 'call') return;
  const time = event.execution_time_ms;
  expect(time === null || (time >= 0 && time <= 86_400_000)).toBe(true);
  expect(event.success && event.was_denied).toBe(false);
  for (const text of [event.result, event.error_message]) expect(text === null || typeof text === 'string').toBe(true);
}
