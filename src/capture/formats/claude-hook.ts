import type { CallEvent, CaptureEvent } from '../events.ts';
import { isOwnTool, label, mcpToolName, toolName } from '../names.ts';
import { callOutcome } from '../outcome.ts';
import { cameToNothing } from './claude-flags.ts';
import { refusalIn } from './claude-refusals.ts';
import { asDuration, asId, asList, asRecord, asText, type JsonObject } from './fields.ts';
import { argumentsIn, nameIn, valueIn } from './hook-payload.ts';
import { callEvents } from './own-tools.ts';

/** Who wrote the words of a prompt, if it was not the user: what is said there is neither a request nor a judgement of the work before. */
const MACHINES: readonly unknown[] = ['system', 'loop_wakeup', 'schedule_wakeup'];

type Reader = (payload: JsonObject, at_ms: number) => readonly CaptureEvent[];

/** Events that say nothing about calls (PermissionRequest, SessionStart, PreCompact, Notification, …) are not in here. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['UserPromptSubmit', promptEvents],
  ['PreToolUse', startEvents],
  ['PostToolUse', answerEvents],
  ['PostToolUseFailure', failureEvents],
  ['PermissionDenied', (payload, at_ms) => calledEvents(payload, at_ms, refused(asText(payload['reason'])))],
  ['PostToolBatch', batchEvents],
  ['Stop', (payload, at_ms) => [{ kind: 'stop', session_id: sessionOf(payload), at_ms, status: 'completed' }]],
  ['StopFailure', (payload, at_ms) => [{ kind: 'stop', session_id: sessionOf(payload), at_ms, status: 'error' }]],
  ['SubagentStop', subagentEvents],
  ['SessionEnd', (payload, at_ms) => [{ kind: 'end', session_id: label('claude-code', conversationIn(payload)), at_ms }]],
]);

/**
 * What the payload of a Claude Code hook says, in the order in which it happened; nothing for events that are unknown or say nothing about calls.
 * Types: npm `@anthropic-ai/claude-agent-sdk` 0.3.331, sdk.d.ts (`HookInput`) and sdk-tools.d.ts. Never throws, whatever the payload is.
 * @param at_ms when the hook ran, epoch milliseconds: payloads carry no time
 */
export function claudeHookEvents(payload: unknown, at_ms: number): readonly CaptureEvent[] {
  const record = asRecord(payload);
  if (record === null || conversationIn(record) === null) return [];
  return READERS.get(asText(record['hook_event_name']) ?? '')?.(record, at_ms) ?? [];
}

/** The conversation, without its subagents; the name of the transcript is its id too. null: not told. */
function conversationIn(payload: JsonObject): string | null {
  return asId(payload['session_id']) ?? asText(payload['transcript_path'])?.match(/([^\\/]{1,200})\.jsonl$/)?.[1] ?? null;
}

/** A subagent works in a session of its own: its steps are not steps of the main one. */
function sessionOf(payload: JsonObject): string {
  return label('claude-code', conversationIn(payload), asId(payload['agent_id']));
}

/** `poll_event` runs before the prompt is delivered, which may be never: it is nothing yet. */
function promptEvents(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const source = payload['source'];
  if (source === 'poll_event') return [];
  const text = MACHINES.includes(source) ? null : asText(payload['prompt']);
  return [{ kind: 'prompt', session_id: sessionOf(payload), at_ms, turn_id: nameIn(payload, 'prompt_id'), text }];
}

function startEvents(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const call_id = nameIn(payload, 'tool_use_id');
  const tool_name = toolIn(payload);
  if (call_id === null || tool_name === null || isOwnTool(tool_name)) return [];
  return [{ kind: 'start', session_id: sessionOf(payload), at_ms, call_id }];
}

type Ending = Pick<CallEvent, 'success' | 'was_denied' | 'result' | 'error_message'>;

function failed(error_message: string | null): Ending {
  return { success: false, was_denied: false, result: null, error_message };
}

function refused(error_message: string | null): Ending {
  return { ...failed(error_message), was_denied: true };
}

/**
 * Claude Code reports errors, an MCP server's `isError` among them, by PostToolUseFailure; an error that comes as PostToolUse all the same is
 * one, too. So are the flags of built-in tools that say that it came to nothing.
 */
function answerEvents(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const answer = valueIn(payload, 'tool_response') ?? valueIn(payload, 'tool_output');
  const { success, error_message, text } = callOutcome(answer);
  const has_failed = !success || payload['is_error'] === true || cameToNothing(toolIn(payload), answer);
  if (has_failed) return calledEvents(payload, at_ms, failed(error_message ?? text));
  return calledEvents(payload, at_ms, { success: true, was_denied: false, result: text, error_message: null });
}

/** A call that the user broke off is a "no" of the user's, not a failure of the tool. */
function failureEvents(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const { text } = callOutcome(valueIn(payload, 'error'));
  return calledEvents(payload, at_ms, payload['is_interrupt'] === true ? refused(text) : failed(text));
}

function calledEvents(payload: JsonObject, at_ms: number, ending: Ending): readonly CaptureEvent[] {
  const tool_name = toolIn(payload);
  if (tool_name === null) return [];
  const call: CallEvent = {
    kind: 'call',
    session_id: sessionOf(payload),
    at_ms,
    call_id: nameIn(payload, 'tool_use_id'),
    turn_id: nameIn(payload, 'prompt_id'),
    tool_name,
    execution_time_ms: asDuration(payload['duration_ms']),
    arguments: argumentsIn(payload, 'tool_input'),
    group_id: null,
    ...ending,
  };
  return callEvents(call, valueIn(payload, 'tool_response'));
}

/** The name by which the agent calls the tool, which is what advice must name: as Claude Code writes it, plugins' servers included. */
function toolIn(payload: JsonObject): string | null {
  const name = asText(payload['tool_name']);
  if (name === null) return null;
  const server = asText(asRecord(payload['mcp_server'])?.['name']);
  return server === null || name.startsWith('mcp__') ? toolName(name) : mcpToolName(server, name);
}

/** Which calls ran side by side; and those of which no other hook tells, since they were refused before they ran. */
function batchEvents(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const calls = asList(payload['tool_calls'])
    .map(asRecord)
    .filter((call) => call !== null);
  const named = calls.filter((call) => nameIn(call, 'tool_use_id') !== null);
  const refusals = named.flatMap((call) => {
    const refusal = refusalIn(valueIn(call, 'tool_response'));
    const ending = refusal?.was_denied === true ? refused(refusal.text) : failed(refusal?.text ?? null);
    return refusal === null ? [] : calledEvents({ ...payload, ...call }, at_ms, ending);
  });
  if (named.length < 2) return refusals;
  const call_ids = named.flatMap((call) => nameIn(call, 'tool_use_id') ?? []);
  return [...refusals, { kind: 'group', session_id: sessionOf(payload), at_ms, call_ids }];
}

function subagentEvents(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  if (asId(payload['agent_id']) === null) return [];
  const session_id = sessionOf(payload);
  return [
    { kind: 'stop', session_id, at_ms, status: 'completed' },
    { kind: 'end', session_id, at_ms },
  ];
}
