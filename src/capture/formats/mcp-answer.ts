import { callOutcome, isRecord } from '../outcome.ts';

/** What an answer to `tools/call`, or to a question after its task, says. */
export type McpAnswer =
  | { readonly kind: 'outcome'; readonly success: boolean; readonly result: string | null; readonly error_message: string | null }
  /** It runs on as a task; the outcome is asked for later. */
  | { readonly kind: 'task'; readonly task_id: string }
  /** There is no outcome: it wants to be asked again with more, or its task was cancelled. */
  | { readonly kind: 'none' };

/** @param is_cut only the fields that matter were read of a long line: it has no text */
export function answerOf(message: Readonly<Record<string, unknown>>, is_cut: boolean): McpAnswer {
  const { error, result } = message;
  if (error !== undefined) return { kind: 'outcome', success: false, result: null, error_message: errorText(error) };
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
    return { kind: 'outcome', success: false, result: null, error_message: errorText(task['error'] ?? { message: task['statusMessage'] }) };
  return task['status'] === 'completed' && task['result'] !== undefined ? outcomeOf(task['result'], is_cut) : null;
}

function outcomeOf(result: unknown, is_cut: boolean): McpAnswer {
  try {
    const { success, text, error_message } = callOutcome(result);
    return { kind: 'outcome', success, result: is_cut || !success ? null : text, error_message: is_cut ? null : error_message };
  } catch {
    // Nested so deeply that it cannot be written as text.
    return { kind: 'outcome', success: !(isRecord(result) && result['isError'] === true), result: null, error_message: null };
  }
}

function errorText(error: unknown): string | null {
  if (typeof error === 'string') return error;
  return isRecord(error) && typeof error['message'] === 'string' ? error['message'] : null;
}
