import type { CaptureEvent, StopEvent } from '../events.ts';
import { afterEdit, afterMcp, afterShell, postToolUse, postToolUseFailure } from './cursor-calls.ts';
import { conversationIn, sessionOf } from './cursor-payload.ts';
import { asId, asRecord, asText, type JsonObject } from './fields.ts';
import { nameIn } from './hook-payload.ts';

type Reader = (payload: JsonObject, at_ms: number) => readonly CaptureEvent[];

/**
 * Hooks that ask for leave (preToolUse, beforeShellExecution, beforeMCPExecution, beforeReadFile) are not in here: a recorder gives none.
 * subagentStart and subagentStop name no conversation of the subagent's own.
 */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['beforeSubmitPrompt', promptEvents],
  ['afterMCPExecution', afterMcp],
  ['afterShellExecution', afterShell],
  ['afterFileEdit', afterEdit],
  ['postToolUse', postToolUse],
  ['postToolUseFailure', postToolUseFailure],
  ['stop', (payload, at_ms) => [{ kind: 'stop', session_id: sessionOf(payload), at_ms, status: statusIn(payload) }]],
  ['sessionEnd', (payload, at_ms) => [{ kind: 'end', session_id: sessionOf(payload), at_ms }]],
]);

/** The names under which Cursor runs hooks that were written for Claude Code. */
const TRANSLATED = new Map([['userPromptSubmit', 'beforeSubmitPrompt']]);

/** Whether a payload comes from Cursor, also when it runs Claude Code's hooks. */
export function isCursorPayload(payload: unknown): boolean {
  const record = asRecord(payload);
  return record !== null && (asId(record['conversation_id']) !== null || asText(record['cursor_version']) !== null);
}

/** The event as Cursor writes it: `postToolUse`; '' if none is named. */
export function cursorEventIn(payload: JsonObject): string {
  const name = asText(payload['hook_event_name']) ?? '';
  const camel = name.slice(0, 1).toLowerCase() + name.slice(1);
  return TRANSLATED.get(camel) ?? camel;
}

/**
 * What the payload of a Cursor hook says; nothing for events that are unknown or say nothing about calls. Types: npm `cursor-hooks` 1.1.6, which
 * mirrors cursor.com/docs/agent/hooks. Never throws, whatever the payload is.
 *
 * Two hooks tell of one call: postToolUse of every call, and before it afterMCPExecution, afterShellExecution or afterFileEdit of calls of their
 * kind; only postToolUse has an id, only afterMCPExecution names the server. So the `call_id` is made of what both know (the turn, the tool, what
 * it was given). Whoever records numbers equal ones: the second `npm test` of a turn is another call.
 * @param at_ms when the hook ran, epoch milliseconds: payloads carry no time
 */
export function cursorHookEvents(payload: unknown, at_ms: number): readonly CaptureEvent[] {
  const record = asRecord(payload);
  if (record === null || conversationIn(record) === null) return [];
  return READERS.get(cursorEventIn(record))?.(record, at_ms) ?? [];
}

function promptEvents(payload: JsonObject, at_ms: number): readonly CaptureEvent[] {
  const text = asText(payload['prompt']);
  return [{ kind: 'prompt', session_id: sessionOf(payload), at_ms, turn_id: nameIn(payload, 'generation_id'), text }];
}

function statusIn(payload: JsonObject): StopEvent['status'] {
  const { status } = payload;
  return status === 'aborted' || status === 'error' ? status : 'completed';
}
