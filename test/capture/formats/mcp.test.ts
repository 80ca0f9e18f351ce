import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallEvent, CaptureEvent } from '../../../src/capture/events.ts';
import { McpRecorder } from '../../../src/capture/formats/mcp.ts';
import type { McpConnection } from '../../../src/capture/formats/mcp-calls.ts';
import { placeInMeta } from '../../../src/capture/formats/mcp-meta.ts';
import { TURN_PAUSE_MS } from '../../../src/capture/formats/mcp-turns.ts';

const CONNECTION: McpConnection = { id: 'u', server: 'files', session_id: 'wrap/files/u', has_told_turns: false };

/** A connection whose clock stands until it is moved. */
class Talk {
  readonly recorder: McpRecorder;
  now_ms = 1_000;

  constructor(connection: Partial<McpConnection> = {}) {
    this.recorder = new McpRecorder({ ...CONNECTION, ...connection });
  }

  client(message: unknown, is_cut = false): void {
    this.recorder.clientSent({ message, is_cut, bytes: JSON.stringify(message).length }, this.#moment());
  }

  server(message: unknown, is_cut = false): CaptureEvent[] {
    return this.recorder.serverSent({ message, is_cut, bytes: 0 }, this.#moment());
  }

  call(id: unknown, more: object = {}): void {
    this.client({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'read', arguments: { path: 'a' }, ...more } });
  }

  /** The events of a call and its answer. */
  answered(answer: object, more: object = {}): CaptureEvent[] {
    this.call(7, more);
    return this.server({ jsonrpc: '2.0', id: 7, ...answer });
  }

  gone(): CaptureEvent[] {
    return this.recorder.serverEnded(this.#moment());
  }

  end(): CaptureEvent[] {
    return this.recorder.ended(this.#moment());
  }

  #moment() {
    return { at_ms: 1_700_000_000_000 + this.now_ms, now_ms: this.now_ms };
  }
}

const text = (words: string) => ({ content: [{ type: 'text', text: words }] });
const ok = { result: text('fine') };

function only(events: readonly CaptureEvent[]): CallEvent {
  expect(events).toMatchObject([{ kind: 'call' }]);
  return events[0] as CallEvent;
}

describe('a call over MCP', () => {
  it('is one event with its arguments, result, duration and place', () => {
    const talk = new Talk();
    talk.call(1);
    talk.now_ms += 250;
    expect(talk.server({ jsonrpc: '2.0', id: 1, ...ok })).toEqual([
      {
        kind: 'call',
        session_id: 'wrap/files/u',
        at_ms: 1_700_000_001_250,
        call_id: 'u:1',
        turn_id: 'u:1',
        tool_name: 'mcp__files__read',
        success: true,
        was_denied: false,
        execution_time_ms: 250,
        arguments: { path: 'a' },
        result: null,
        error_message: null,
        group_id: null,
      },
    ]);
  });

  it.each([
    ['a JSON-RPC error', { error: { code: -32602, message: 'no such path' } }, 'no such path'],
    ['isError', { result: { ...text('gone'), isError: true } }, 'gone'],
    ['isError inside a wrapped result', { result: { result: { ...text('gone'), isError: true } } }, expect.any(String)],
    ['isError inside structuredContent', { result: { ...text('gone'), structuredContent: { isError: true } } }, 'gone'],
    ['isError inside the only text', { result: text('{"isError":true,"why":"gone"}') }, expect.stringContaining('gone')],
    ['an error that is no object', { error: 'gone' }, 'gone'],
  ])('failed with %s', (_, answer, error_message) => {
    expect(only(new Talk().answered(answer))).toMatchObject({ success: false, error_message, result: null });
  });

  it('keeps the tool name of the wire when the server has no name', () => {
    expect(only(new Talk({ server: null }).answered(ok, { name: 'read file' })).tool_name).toBe('read_file');
  });

  it('is told apart by ids that are numbers and texts', () => {
    const talk = new Talk();
    talk.call(1, { name: 'number' });
    talk.call('1', { name: 'text' });
    expect(only(talk.server({ id: '1', ...ok })).tool_name).toBe('mcp__files__text');
    expect(only(talk.server({ id: 1, ...ok })).tool_name).toBe('mcp__files__number');
  });

  it('is not answered by a request of the server with the same id, nor by the answer of the client to that', () => {
    const talk = new Talk();
    talk.call(1);
    expect(talk.server({ id: 1, method: 'sampling/createMessage', params: {} })).toEqual([]);
    talk.client({ id: 1, result: {} });
    expect(talk.recorder.isWaiting).toBe(true);
    expect(only(talk.server({ id: 1, ...ok })).success).toBe(true);
    expect(talk.server({ id: 1, ...ok }), 'a second answer').toEqual([]);
    expect(talk.recorder.isWaiting).toBe(false);
  });

  it('that was cancelled is recorded only if it is answered all the same', () => {
    const talk = new Talk();
    talk.call(1);
    talk.client({ method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(talk.end()).toEqual([]);
    expect(only(talk.server({ id: 1, error: { code: 0, message: 'cancelled' } })).success).toBe(false);
  });

  it('that was cancelled is forgotten after many others', () => {
    const talk = new Talk();
    for (let id = 0; id < 3_000; id += 1) {
      talk.call(id);
      talk.client({ method: 'notifications/cancelled', params: { requestId: id } });
    }
    expect(talk.server({ id: 1, ...ok })).toEqual([]);
    expect(only(talk.server({ id: 2_999, ...ok })).success).toBe(true);
  });

  it('that waits when the server ends has failed, once, and its session has an end', () => {
    const talk = new Talk();
    for (const id of [1, 2, 3, 4]) talk.call(id);
    talk.client({ id: 5, method: 'tools/list' });
    talk.client({ method: 'notifications/cancelled', params: { requestId: 2 } });
    talk.server({ id: 3, ...ok });
    talk.now_ms += 70;
    const failed = { kind: 'call', success: false, error_message: 'the server ended before it answered', execution_time_ms: 70 };
    expect(talk.gone()).toMatchObject([
      { ...failed, call_id: 'u:1', arguments: { path: 'a' } },
      { ...failed, call_id: 'u:4' },
    ]);
    expect(talk.gone()).toEqual([]);
    expect(talk.end()).toMatchObject([{ kind: 'end' }]);
  });

  it('whose id was that of a cancelled and answered one waits like any other', () => {
    const talk = new Talk();
    talk.call(1);
    talk.client({ method: 'notifications/cancelled', params: { requestId: 1 } });
    talk.server({ id: 1, ...ok });
    talk.call(1);
    expect(only(talk.gone()).success).toBe(false);
  });

  it('with an id that still waits waits too: the first answer is for the first', () => {
    const talk = new Talk();
    talk.call(1, { name: 'first' });
    talk.call(1, { name: 'second' });
    const names = [1, 1].map((id) => only(talk.server({ id, ...ok })).tool_name);
    expect(names).toEqual(['mcp__files__first', 'mcp__files__second']);
  });

  it('in a batch is one of several', () => {
    const talk = new Talk();
    talk.client([1, 2].map((id) => ({ id, method: 'tools/call', params: { name: `t${id}` } })));
    expect(talk.server([{ id: 2, ...ok }, { id: 1, error: { message: 'no' } }, 3, null])).toMatchObject([
      { tool_name: 'mcp__files__t2', success: true },
      { tool_name: 'mcp__files__t1', success: false },
    ]);
  });

  it('whose line was too long has its outcome, without arguments and result', () => {
    const talk = new Talk();
    talk.client({ id: 1, method: 'tools/call', params: { name: 'write' } }, true);
    expect(only(talk.server({ id: 1, result: { isError: true } }, true))).toMatchObject({
      tool_name: 'mcp__files__write',
      success: false,
      arguments: null,
      result: null,
      error_message: null,
    });
  });

  it('that wants more input is no outcome: the call that brings it is', () => {
    const talk = new Talk();
    expect(talk.answered({ result: { resultType: 'input_required', inputRequests: {} } })).toEqual([]);
    expect(only(talk.answered({ result: { ...text('x'), resultType: 'complete' } })).success).toBe(true);
  });

  it('without arguments that are held does not grow the memory', () => {
    const talk = new Talk();
    const big = 'x'.repeat(1_000_000);
    for (let id = 0; id < 40; id += 1) talk.call(id, { arguments: { big } });
    const kept = Array.from({ length: 40 }, (_, id) => only(talk.server({ id, ...ok })).arguments);
    expect(kept.filter((args) => args !== null)).toHaveLength(16);
    expect(only(talk.answered(ok, { arguments: { big } })).arguments).toEqual({ big });
  });
});

describe('a task', () => {
  const begun = { result: { task: { taskId: 't', status: 'working' } } };

  it('is a call that is over when its result is there', () => {
    const talk = new Talk();
    expect(talk.answered(begun)).toEqual([]);
    talk.now_ms += 5_000;
    talk.client({ id: 8, method: 'tasks/get', params: { taskId: 't' } });
    expect(talk.server({ id: 8, result: { taskId: 't', status: 'completed' } })).toEqual([]);
    talk.client({ id: 9, method: 'tasks/result', params: { taskId: 't' } });
    expect(only(talk.server({ id: 9, result: { ...text('bad'), isError: true } }))).toMatchObject({
      success: false,
      execution_time_ms: 5_000,
    });
  });

  it.each([
    [
      { status: 'failed', statusMessage: 'lost' },
      { success: false, error_message: 'lost' },
    ],
    [
      { status: 'completed', result: text('done') },
      { success: true, result: null },
    ],
  ])('is over when its status says so: %j', (status, wanted) => {
    const talk = new Talk();
    talk.answered(begun);
    talk.client({ id: 8, method: 'tasks/get', params: { taskId: 't' } });
    expect(only(talk.server({ id: 8, result: { taskId: 't', ...status } }))).toMatchObject(wanted);
  });

  it('that was cancelled has no outcome', () => {
    const talk = new Talk();
    talk.answered(begun);
    talk.client({ id: 8, method: 'tasks/get', params: { taskId: 't' } });
    expect(talk.server({ id: 8, result: { taskId: 't', status: 'cancelled' } })).toEqual([]);
  });
});

describe('calls side by side', () => {
  it('are a group when all began before one of them ended', () => {
    const talk = new Talk();
    for (const id of [1, 2]) talk.call(id);
    const groups = [2, 1].map((id) => only(talk.server({ id, ...ok })).group_id);
    expect(groups).toEqual(['u:1', 'u:1']);
    expect(only(talk.answered(ok)).group_id).toBe(null);
  });

  it('are none when the next began after one had ended', () => {
    const talk = new Talk();
    for (const id of [1, 2]) talk.call(id);
    expect(only(talk.server({ id: 1, ...ok })).group_id).toBe('u:1');
    talk.call(3);
    expect(only(talk.server({ id: 2, ...ok })).group_id).toBe('u:1');
    expect(only(talk.server({ id: 3, ...ok })).group_id).toBe(null);
  });
});

describe('the place of a call', () => {
  const TRACE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const trace_id = '0af7651916cd43dd8448eb211c80319c';

  it.each([
    [undefined, { session_id: null, turn_id: null, call_id: null }],
    [
      { 'claudecode/toolUseId': 'toolu_1', progressToken: 1 },
      { session_id: null, call_id: 'toolu_1' },
    ],
    [
      { 'vscode.conversationId': 'c', 'vscode.requestId': 'r', ...TRACE },
      { session_id: 'vscode/c', turn_id: 'r' },
    ],
    [
      { threadId: 't', sessionId: 's', callId: 'call_1', 'x-codex-turn-metadata': { turn_id: 'n' } },
      { session_id: 'codex/t', turn_id: 'n', call_id: 'call_1' },
    ],
    [
      { sessionId: 's', 'x-codex-turn-metadata': '{"turn_id":"n"}' },
      { session_id: 'codex/s', turn_id: 'n', has_told_turns: true },
    ],
    [{ sessionId: 's' }, { session_id: null }],
    [
      { 'ai.opencode/sessionID': 'ses_1', ...TRACE },
      { session_id: 'opencode/ses_1', turn_id: trace_id },
    ],
    [{ 'openai/session': 'o' }, { session_id: 'openai/o', turn_id: null }],
    [TRACE, { session_id: null, turn_id: trace_id }],
    [{ traceparent: '00-00000000000000000000000000000000-b7ad6b7169203331-01' }, { turn_id: null }],
    [
      { 'vscode.conversationId': 5, threadId: [], 'x-codex-turn-metadata': '{' },
      { session_id: null, turn_id: null },
    ],
  ])('is told by %j', (meta, wanted) => {
    expect(placeInMeta(meta)).toMatchObject(wanted);
  });

  it('is the connection when nothing else is told; its turns are counted by pauses', () => {
    const talk = new Talk();
    const turn = () => only(talk.answered(ok)).turn_id;
    expect([turn(), turn()]).toEqual(['u:1', 'u:1']);
    talk.now_ms += TURN_PAUSE_MS - 1;
    expect(turn()).toBe('u:1');
    talk.now_ms += TURN_PAUSE_MS;
    expect(turn()).toBe('u:2');
  });

  it('a call that takes longer than the pause does not end its turn', () => {
    const talk = new Talk();
    talk.call(1);
    talk.now_ms += 2 * TURN_PAUSE_MS;
    only(talk.server({ id: 1, ...ok }));
    expect(only(talk.answered(ok)).turn_id).toBe('u:1');
  });

  it('in a session of Claude Code has no turn of ours: its hooks tell them', () => {
    const talk = new Talk({ session_id: 'claude-code/s', has_told_turns: true });
    const meta = { 'claudecode/toolUseId': 'toolu_1', traceparent: TRACE.traceparent };
    expect(only(talk.answered(ok, { _meta: meta }))).toMatchObject({ session_id: 'claude-code/s', turn_id: null, call_id: 'toolu_1' });
  });

  it('every session that had a call has an end', () => {
    const talk = new Talk();
    talk.answered(ok);
    talk.answered(ok, { _meta: { 'vscode.conversationId': 'c' } });
    talk.answered(ok);
    expect(talk.end()).toMatchObject([
      { kind: 'end', session_id: 'wrap/files/u' },
      { kind: 'end', session_id: 'vscode/c' },
    ]);
  });
});

describe('the catalogue', () => {
  const list = (talk: Talk, tools: unknown) => {
    talk.client({ id: 1, method: 'tools/list' });
    return talk.server({ id: 1, result: { tools } });
  };

  it('has every tool of every page with its description, and says only what is new', () => {
    const talk = new Talk();
    const read = { name: 'read', description: 'Reads', inputSchema: { type: 'object' } };
    expect(list(talk, [read, { name: 'no words' }])).toEqual([
      { kind: 'tool', at_ms: 1_700_000_001_000, tool_name: 'mcp__files__read', description: 'Reads', input_schema: { type: 'object' } },
      { kind: 'tool', at_ms: 1_700_000_001_000, tool_name: 'mcp__files__no_words', description: null, input_schema: null },
    ]);
    expect(list(talk, [read])).toEqual([]);
    expect(
      list(talk, [
        { ...read, description: 'Reads all' },
        { name: 'write', title: 'Writes' },
      ]),
    ).toMatchObject([
      { tool_name: 'mcp__files__read', description: 'Reads all' },
      { tool_name: 'mcp__files__write', description: 'Writes' },
    ]);
  });

  it.each([[undefined], [{}], [[null, 1, 'x', {}, { name: 5 }]]])('takes %j without an error', (tools) => {
    expect(list(new Talk(), tools)).toEqual([]);
  });
});

describe('toolwise behind a wrap', () => {
  it('is not recorded: its advice and its judgements are', () => {
    const talk = new Talk({ server: null });
    talk.client({ id: 1, method: 'initialize' });
    talk.server({ id: 1, result: { serverInfo: { name: 'toolwise', version: '1' } } });
    const advice = { result: { ...text('x'), structuredContent: { recommendation_id: 'rec-1' } } };
    expect(talk.answered(advice, { name: 'recommend_tools' })).toMatchObject([{ kind: 'advice', recommendation_id: 'rec-1' }]);
    expect(talk.answered(ok, { name: 'record_execution' })).toEqual([]);
    expect(talk.answered(ok, { name: 'log_episode', arguments: { outcome: 'partial' } })).toMatchObject([
      { kind: 'judged', outcome: 'partial' },
    ]);
  });
});

describe('any JSON', () => {
  it('from either side is taken without an error', () => {
    const fields = fc.constantFrom('id', 'method', 'params', 'result', 'error', 'name', '_meta', '__proto__', 'tools');
    const leaf = fc.oneof(fc.jsonValue(), fc.constantFrom('tools/call', 'tools/list', 'tasks/result', 'notifications/cancelled', 1, 't'));
    const message = fc.dictionary(fields, fc.oneof(leaf, fc.dictionary(fields, leaf), fc.array(fc.dictionary(fields, leaf))));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.oneof(message, fc.array(message), fc.jsonValue()))), (messages) => {
        const talk = new Talk();
        for (const [fromClient, said] of messages) fromClient ? talk.client(said) : talk.server(said);
        talk.end();
      }),
    );
  });

  it('that nests without end is a call all the same', () => {
    const deep = JSON.parse(`{"isError":true,"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    expect(only(new Talk().answered({ result: deep })).success).toBe(false);
  });
});
