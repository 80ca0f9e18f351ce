import { label } from '../names.ts';
import { isRecord } from '../outcome.ts';

/** What a request says about itself in `params._meta`. */
export interface CallPlace {
  /** null: it does not name a conversation. */
  readonly session_id: string | null;
  readonly turn_id: string | null;
  readonly call_id: string | null;
  /** Whether another source (a hook, a transcript) tells the turns of this conversation: then none may be made up. */
  readonly has_told_turns: boolean;
}

/** Fields of `_meta` that are read; a scanner of long lines keeps no others. */
export const META_FIELDS = [
  'claudecode/toolUseId',
  'vscode.conversationId',
  'vscode.requestId',
  'threadId',
  'sessionId',
  'callId',
  'x-codex-turn-metadata',
  'turn_id',
  'ai.opencode/sessionID',
  'antigravity.google/conversation_id',
  'openai/session',
  'traceparent',
] as const;

/** One conversation a call, told by these. */
const CONVERSATIONS = [
  ['opencode', 'ai.opencode/sessionID'],
  ['antigravity', 'antigravity.google/conversation_id'],
  ['openai', 'openai/session'],
] as const;

/**
 * Where a call belongs, as clients tell it in `_meta` (all seen in public code in November 2026; none is part of the protocol but traceparent):
 * - Claude Code: `claudecode/toolUseId`, the id of the call in hooks and transcript. It names no conversation.
 * - VS Code: `vscode.conversationId` and `vscode.requestId`, in its own MCP tool invocation; a request is one prompt of the user.
 * - Codex: `threadId` (openai/codex, core/src/mcp_tool_call.rs; the `session_id` of its hooks and rollouts), before that `sessionId`; `callId`;
 *   `x-codex-turn-metadata`, an object or its JSON text, with `turn_id`.
 * - OpenCode: `ai.opencode/sessionID`. Antigravity: `antigravity.google/conversation_id`. ChatGPT: `openai/session`.
 * - W3C Trace Context, MCP semantic conventions of OpenTelemetry: `traceparent`; its trace id is the turn when nothing says it better.
 */
export function placeInMeta(meta: unknown): CallPlace {
  const text = (field: (typeof META_FIELDS)[number]) => textIn(meta, field);
  const call_id = text('claudecode/toolUseId');
  const trace_id = traceIdIn(text('traceparent'));
  const chat = text('vscode.conversationId');
  if (chat !== null)
    return { session_id: label('vscode', chat), turn_id: text('vscode.requestId') ?? trace_id, call_id, has_told_turns: false };
  const thread = text('threadId') ?? (isRecord(meta) && 'x-codex-turn-metadata' in meta ? text('sessionId') : null);
  if (thread !== null)
    return { session_id: label('codex', thread), turn_id: codexTurn(meta), call_id: call_id ?? text('callId'), has_told_turns: true };
  for (const [client, field] of CONVERSATIONS) {
    const conversation = text(field);
    if (conversation !== null) return { session_id: label(client, conversation), turn_id: trace_id, call_id, has_told_turns: false };
  }
  return { session_id: null, turn_id: trace_id, call_id, has_told_turns: false };
}

function codexTurn(meta: unknown): string | null {
  const told = isRecord(meta) ? meta['x-codex-turn-metadata'] : undefined;
  return textIn(typeof told === 'string' ? parsed(told) : told, 'turn_id');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a client of tomorrow may put something else there
  }
}

/** @param traceparent `00-<32 hex digits>-<16>-<2>`; all zeros are no trace */
function traceIdIn(traceparent: string | null): string | null {
  const id = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1];
  return id === undefined || /^0+$/.test(id) ? null : id;
}

function textIn(value: unknown, field: string): string | null {
  const text = isRecord(value) ? value[field] : undefined;
  return typeof text === 'string' && text !== '' ? text : null;
}
