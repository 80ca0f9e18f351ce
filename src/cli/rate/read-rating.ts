import { LABEL, LABEL_REMEDY } from '../../core/names.ts';
import { quoted } from '../../core/quote.ts';
import { ConfigurationError } from '../../errors.ts';

/** A rating as it was asked for, within its ranges. */
export interface Rating {
  readonly execution_id: string;
  /** 1 (bad) to 5 (good). */
  readonly rating: number;
  readonly feedback: string | undefined;
}

const LONGEST_FEEDBACK = 2000;

/** @param origin what the person wrote it after, for the message. @throws ConfigurationError for anything but a whole number from 1 to 5 */
export function starsOf(value: unknown, origin: string): number {
  const stars = typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  if (typeof stars === 'number' && Number.isInteger(stars) && stars >= 1 && stars <= 5) return stars;
  throw new ConfigurationError(`${origin} ${quoted(value ?? '')}; give stars from 1 (bad) to 5 (good)`);
}

/** @throws ConfigurationError when it cannot be the id of an execution */
export function executionIdOf(value: unknown): string {
  if (typeof value === 'string' && LABEL.test(value)) return value;
  throw new ConfigurationError(`execution_id is ${quoted(value ?? '')}; ${LABEL_REMEDY}, as toolwise rate --list shows it`);
}

/** @throws ConfigurationError when the words are too many */
export function commentOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new ConfigurationError(`feedback is ${quoted(value)}; give a text`);
  if (value.length <= LONGEST_FEEDBACK) return value;
  throw new ConfigurationError(`the comment has ${value.length} characters; give at most ${LONGEST_FEEDBACK}`);
}

/** A whole number from 1 on. @throws ConfigurationError that names the flag */
export function countOf(value: string | true | undefined, flag: string, fallback: number): number {
  if (value === undefined) return fallback;
  const count = Number(value);
  if (typeof value === 'string' && /^\d{1,9}$/.test(value) && count >= 1) return count;
  throw new ConfigurationError(`${flag} is ${quoted(value)}; give a whole number from 1 on`);
}

/**
 * One line of a batch: `EXECUTION_ID STARS [comment]`, or JSON `{"execution_id": …, "rating": …, "feedback": …}`, which also takes ids
 * with blanks.
 * @throws ConfigurationError that says what is wrong with it
 */
export function ratingIn(line: string): Rating {
  const text = line.trim();
  if (text.startsWith('{')) return ratingInJson(text);
  const [, id, stars, comment] = /^(\S+)(?:\s+(\S+)(?:\s+(.*))?)?$/.exec(text) ?? [];
  return { execution_id: executionIdOf(id), rating: starsOf(stars, 'rating is'), feedback: commentOf(comment) };
}

function ratingInJson(text: string): Rating {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigurationError(`it is not valid JSON: ${quoted(text)}; write {"execution_id": "...", "rating": 5}`);
  }
  const { execution_id, rating, feedback } = value as Record<string, unknown>;
  if (typeof rating !== 'number') throw new ConfigurationError(`rating is ${quoted(rating ?? '')}; give stars from 1 (bad) to 5 (good)`);
  return { execution_id: executionIdOf(execution_id), rating: starsOf(rating, 'rating is'), feedback: commentOf(feedback) };
}
