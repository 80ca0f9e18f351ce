import { answerText, isFailure, isRecord } from '../outcome.ts';

/** What an answer to `tools/call`, or to a question after its task, says. */
export type McpAnswer =
  | { readonly kind: 'outcome'; readonly success: boolean; readonly error_message: string | null }
  /** It runs on as a task; the outcome is asked for later. */
  | { readonly kind: 'task'; readonly task_id: string }
  /** There is no outcome: it wants to be asked again with more, or its task was cancelled. */
  | { readonly kind: 'none' };

/** @param is_cut only the fields that matter were read of a long line: it has no text */
export function answerOf(message: Readonly<Record<string, unknown>>, is_cut: boolean): McpAnswer {
  const { error, result } = message;
  if (error !== undefined) return { kind: 'outcome', success: false, error_message: errorText(error) };
  const task_id = isRecord(result) && isRecord(result['task']) ? result['task']['taskId'] : undefined;
  if (typeof task_id === 'string' && !('content' in (result as object))) return { kind: 'task', task_id };
  // 2026-07-28: `input_required` is answered by a call of its own; what is not complete is no outcome.
  const type = isRecord(result) ? result['resultType'] : undefined;
  if (typeof type === 'string' && type !== 'complete') return { kind: 'none' };
  return outcomeOf(result, is_cut);
}

/** The answer to `tasks/get` as far as it says how the call went; `answerOf` reads that to `tasks/result`. */
export function taskStatusOf(message: Readonly<Record<string, unknown>>, is_cut: boolean): McpAnswer | null {
  const { result } = message;
  const task = isRecord(result) && isRecord(result['task']) ? result['task'] : result;
  if (!isRecord(task)) return null;
  if (task['status'] === 'cancelled') return { kind: 'none' };
  if (task['status'] === 'failed')
    return { kind: 'outcome', success: false, error_message: errorText(task['error'] ?? { message: task['statusMessage'] }) };
  return task['status'] === 'completed' && task['result'] !== undefined ? outcomeOf(task['result'], is_cut) : null;
}

/** What a call that worked answered is not kept: taking secrets out of it would take longer than all else, and the client waits. */
function outcomeOf(result: unknown, is_cut: boolean): McpAnswer {
  const success = !isFailure(result);
  return { kind: 'outcome', success, error_message: success || is_cut ? null : textOf(result) };
}

function textOf(result: unknown): string | null {
  try {
    return answerText(result);
  } catch {
    return null; // nested so deeply that it cannot be written as text
  }
}

function errorText(error: unknown): string | null {
  if (typeof error === 'string') return error;
  return isRecord(error) && typeof error['message'] === 'string' ? error['message'] : null;
}
