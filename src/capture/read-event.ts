import { LABEL, TOOL_NAME } from '../core/names.ts';
import type { CallEvent, CaptureEvent, SessionEvent, ToolEvent } from './events.ts';
import { isRecord } from './outcome.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads an event that a recorder wrote. @throws Error that says in one sentence what is wrong with the text */
export function readEvent(text: string): CaptureEvent {
  const fields = parsed(text);
  const { kind, session_id } = fields;
  if (kind === 'tool') return toolOf(fields);
  if (typeof session_id !== 'string' || !LABEL.test(session_id)) throw new Error('session_id is missing or is no label');
  const event = sessionEvent(kind, fields, { session_id, at_ms: timeOf(fields['at_ms']) });
  if (event === null) throw new Error(`kind ${JSON.stringify(kind)?.slice(0, 40)} is not one that recorders write, or lacks a field`);
  return event;
}

function parsed(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error('a line is no JSON: its writer was killed halfway, or it was changed', { cause: error });
  }
  if (!isRecord(value)) throw new Error('a line is no JSON object');
  return value;
}

function sessionEvent(kind: unknown, fields: Fields, seen: Pick<SessionEvent, 'session_id' | 'at_ms'>): SessionEvent | null {
  const { call_id, call_ids, status, outcome, recommendation_id } = fields;
  switch (kind) {
    case 'prompt':
      return { kind, ...seen, turn_id: textOf(fields['turn_id']), text: textOf(fields['text']) };
    case 'start':
      return typeof call_id === 'string' ? { kind, ...seen, call_id } : null;
    case 'call':
      return callOf(fields, seen);
    case 'group':
      return Array.isArray(call_ids) ? { kind, ...seen, call_ids: call_ids.filter((id) => typeof id === 'string') } : null;
    case 'stop':
      return status === 'completed' || status === 'aborted' || status === 'error' ? { kind, ...seen, status } : null;
    case 'end':
      return { kind, ...seen };
    case 'advice':
      return typeof recommendation_id === 'string' && LABEL.test(recommendation_id) ? { kind, ...seen, recommendation_id } : null;
    case 'judged':
      return outcome === 'success' || outcome === 'partial' || outcome === 'failure' ? { kind, ...seen, outcome } : null;
    default:
      return null;
  }
}

function callOf(fields: Fields, seen: Pick<SessionEvent, 'session_id' | 'at_ms'>): CallEvent | null {
  const { tool_name, success, was_denied, execution_time_ms, arguments: args } = fields;
  if (typeof tool_name !== 'string' || !TOOL_NAME.test(tool_name) || typeof success !== 'boolean') return null;
  return {
    kind: 'call',
    ...seen,
    call_id: textOf(fields['call_id']),
    turn_id: textOf(fields['turn_id']),
    tool_name,
    success,
    was_denied: was_denied === true,
    execution_time_ms: typeof execution_time_ms === 'number' ? execution_time_ms : null,
    arguments: isRecord(args) ? args : null,
    result: textOf(fields['result']),
    error_message: textOf(fields['error_message']),
    group_id: textOf(fields['group_id']),
  };
}

function toolOf(fields: Fields): ToolEvent {
  const { tool_name, description, input_schema } = fields;
  if (typeof tool_name !== 'string' || !TOOL_NAME.test(tool_name)) throw new Error('a tool without a usable name');
  return {
    kind: 'tool',
    at_ms: timeOf(fields['at_ms']),
    tool_name,
    description: textOf(description),
    input_schema: isRecord(input_schema) ? input_schema : null,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Whole epoch milliseconds. */
function timeOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : null;
}
