import { combined, hashPart, hashText } from '../../core/hashing.ts';
import type { CallEvent, CaptureEvent } from '../events.ts';
import { mcpToolName, toolName } from '../names.ts';
import { callOutcome } from '../outcome.ts';
import { sessionOf } from './cursor-payload.ts';
import { exitedWithError } from './exit-code.ts';
import { asDuration, asRecord, asText, type JsonObject } from './fields.ts';
import { argumentsIn, nameIn, parsedIn, valueIn } from './hook-payload.ts';
import { callEvents } from './own-tools.ts';

/** What differs from one hook to the other. */
interface Told {
  readonly tool_name: string;
  /** What both hooks of the call know: its kind, and what it was given. */
  readonly identity: readonly unknown[];
  readonly arguments: JsonObject | null;
  readonly answer: unknown;
  readonly failure?: { readonly message: string | null; readonly was_denied: boolean };
}

function called(payload: JsonObject, at_ms: number, told: Told): readonly CaptureEvent[] {
  const { success, error_message, text } = callOutcome(told.answer);
  const failure = told.failure ?? (success ? undefined : { message: error_message, was_denied: false });
  const turn_id = nameIn(payload, 'generation_id');
  const call: CallEvent = {
    kind: 'call',
    session_id: sessionOf(payload),
    at_ms,
    call_id: `cursor-${fingerprint([turn_id, ...told.identity])}`,
    turn_id,
    tool_name: told.tool_name,
    success: failure === undefined,
    was_denied: failure?.was_denied ?? false,
    execution_time_ms: asDuration(payload['duration']),
    arguments: told.arguments,
    result: failure === undefined ? text : null,
    error_message: failure?.message ?? null,
    group_id: null,
  };
  return callEvents(call, told.answer);
}

/** 64 bits of a hash, which does not depend on the order of names in objects. */
function fingerprint(identity: readonly unknown[]): string {
  const text = JSON.stringify(identity, (_name, value: unknown) => {
    const record = asRecord(value);
    return record === null ? value : Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  });
  const halves = [hashText(text), combined(hashPart(text, 0, text.length, 1), text.length)];
  return halves.map((half) => half.toString(16).padStart(8, '0')).join('');
}

export function afterMcp(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const name = asText(payload['tool_name']);
  return name === null
    ? []
    : called(payload, at_ms, mcpCall(payload, name, parsedIn(payload, 'result_json') ?? parsedIn(payload, 'tool_output')));
}

function mcpCall(payload: JsonObject, name: string, answer: unknown): Told {
  const { server, tool } = partsOf(name);
  const known = server ?? asText(payload['mcp_server_name']);
  const tool_name = known === null ? toolName(tool.startsWith('mcp__') ? tool : `MCP:${tool}`) : mcpToolName(known, tool);
  const told = argumentsIn(payload, 'tool_input');
  return { tool_name, identity: ['mcp', tool, told], arguments: told, answer };
}

/** `MCP:server:tool`, `MCP:tool` and `tool`. */
function partsOf(name: string): { readonly server: string | null; readonly tool: string } {
  const [, server, tool] = /^(?:MCP:)?(?:([^:]+):)?([\s\S]+)$/.exec(name) ?? [];
  return { server: server ?? null, tool: tool ?? name };
}

/** Cursor does not say whether the command succeeded; a version that tells the exit code is believed. */
export function afterShell(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const command = asText(payload['command']);
  const output = valueIn(payload, 'output');
  const failure = failureOf(payload, asText(output));
  return called(payload, at_ms, {
    tool_name: 'Shell',
    identity: ['shell', command],
    arguments: command === null ? null : { command },
    answer: output,
    ...(failure === undefined ? {} : { failure }),
  });
}

/** The edits are the text of a file: only its name is kept. */
export function afterEdit(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const file_path = asText(payload['file_path']);
  if (file_path === null) return [];
  return called(payload, at_ms, { tool_name: 'Write', identity: ['edit', file_path], arguments: { file_path }, answer: null });
}

export function postToolUse(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const answer = parsedIn(payload, 'tool_output') ?? parsedIn(payload, 'tool_response');
  const told = toolCall(payload, answer);
  if (told === null) return [];
  const failure = failureOf(asRecord(answer), callOutcome(answer).text);
  return called(payload, at_ms, failure === undefined ? told : { ...told, failure });
}

export function postToolUseFailure(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const told = toolCall(payload, null);
  if (told === null) return [];
  const was_denied = payload['failure_type'] === 'permission_denied' || payload['is_interrupt'] === true;
  const { text } = callOutcome(valueIn(payload, 'error_message') ?? valueIn(payload, 'error'));
  return called(payload, at_ms, { ...told, failure: { message: text, was_denied } });
}

/** A call as postToolUse tells of it, under the identity that the other hook of the same call gives it. */
function toolCall(payload: JsonObject, answer: unknown): Told | null {
  const name = asText(payload['tool_name']);
  if (name === null) return null;
  if (/^(MCP:|mcp__)/.test(name)) return mcpCall(payload, name, answer);
  const told = argumentsIn(payload, 'tool_input');
  const command = asText(told?.['command']);
  const file = asText(told?.['file_path']) ?? asText(told?.['path']);
  const is_edit = /^(Write|Edit|MultiEdit|StrReplace|SearchReplace)$/.test(name);
  const known = command !== null ? ['shell', command] : is_edit && file !== null ? ['edit', file] : ['tool', name, told];
  return { tool_name: toolName(name), identity: known, arguments: told, answer };
}

function failureOf(record: JsonObject | null, message: string | null): Told['failure'] | undefined {
  return exitedWithError(record) ? { message, was_denied: false } : undefined;
}
