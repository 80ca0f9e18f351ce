import { callOutcome, isRecord } from '../outcome.ts';
import { beginsAsError } from './error-text.ts';
import { asText, contentText, type JsonObject, parsedJson } from './fields.ts';

/** How a call went, as the message with its answer says it. */
export interface AnswerOutcome {
  readonly success: boolean;
  /** The answer. */
  readonly text: string | null;
}

/**
 * The message format has no field for failure, so the first that speaks counts: a flag on the message (`success`, `is_error`, `isError`, `status`,
 * `error`), the same in an answer that is a JSON object, else a text that begins as reports of errors do.
 */
export function answerOutcome(message: JsonObject, answer: unknown): AnswerOutcome {
  const text = contentText(answer) ?? (answer === undefined || answer === null ? null : JSON.stringify(answer));
  const parsed = isRecord(answer) ? answer : text === null ? undefined : parsedJson(text);
  const success = flagged(message) ?? (isRecord(parsed) ? flagged(parsed) : null) ?? !beginsAsError(asText(parsed) ?? text ?? '');
  return { success: success && callOutcome(answer).success, text };
}

/** null: it says nothing about it. */
function flagged(value: JsonObject): boolean | null {
  const { success, is_error, isError, status, error } = value;
  if (typeof success === 'boolean') return success;
  if (typeof is_error === 'boolean') return !is_error;
  if (typeof isError === 'boolean') return !isError;
  if (typeof status === 'string' && /^(?:error|failed|failure|incomplete)$/i.test(status)) return false;
  if (error === undefined || error === null || error === false || error === '') return null;
  return isRecord(error) && Object.keys(error).length === 0 ? null : false;
}
