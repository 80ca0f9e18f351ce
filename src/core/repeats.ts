import { combined } from './hashing.ts';
import { constantStepWeight, meanStepWeight } from './q-learning.ts';

/** Updates of one session that count fully, for the same tool in the same context on one day. */
export const FULL_UPDATES = 3;
/** A weight below it counts as none. */
const LEAST_WEIGHT = 1e-6;
/** Bits of a key's hash, and days that it can tell apart: together a number's 53. */
const HASH_SPAN = 2 ** 37;
const DAYS = 2 ** 16;
const MS_A_DAY = 86_400_000;
const WORD = 2 ** 32;
const HIGH_BITS = 0b11111;

/**
 * What an update counts after `repeats` earlier ones of the same session: 1 for the first three, then 1/2, 1/4, …, so that all of them
 * together count less than four.
 * @param repeats count, ≥ 0 @returns in [0, 1]
 */
export function repeatWeight(repeats: number): number {
  if (repeats < FULL_UPDATES) return 1;
  const weight = 2 ** (FULL_UPDATES - 1 - repeats);
  return weight < LEAST_WEIGHT ? 0 : weight;
}

/** Whole days since 1970 in UTC, from 0. @param at_ms epoch milliseconds */
export function dayOf(at_ms: number): number {
  return Math.max(0, Math.floor(at_ms / MS_A_DAY));
}

/**
 * What the updates of one session are counted under: the day times 2^37 plus a 37-bit hash of the rest, exact as a JavaScript number and as a
 * BIGINT. Keys of one day follow one another.
 * @param update session and tool: keys or hashes below 2^32; context below 2^53; good: an outcome for the tool, or against it
 */
export function updateKey(update: {
  readonly day: number;
  readonly session: number;
  readonly context: number;
  readonly tool: number;
  readonly good: boolean;
}): number {
  const { day, session, context, tool, good } = update;
  const place = combined(combined(Math.floor(context / WORD), context >>> 0), Number(good));
  const whose = combined(session, tool);
  const high = combined(place, whose) & HIGH_BITS;
  return firstKeyOf(day) + high * WORD + combined(whose, place);
}

/** The least key of a day. @param day whole days since 1970 */
export function firstKeyOf(day: number): number {
  return (day % DAYS) * HASH_SPAN;
}

/** Sessions from which on knowledge is taken for the work of many, and how many times fewer may stand behind other knowledge. */
const MANY = 10;
const FEWER = 3;

/**
 * What knowledge of a few sessions counts beside that of more, in [0, 1]: min(1, 3·s / min(S, 10)). One session, which counts once a day and
 * outcome, cannot pass what ten have built.
 * @param sessions s, behind this; undefined: not known, and 1 is answered @param most S, behind the best known alternative
 */
export function trust(sessions: number | undefined, most: number): number {
  return sessions === undefined || most === 0 ? 1 : Math.min(1, (FEWER * sessions) / Math.min(most, MANY));
}

/** A visit of a cell, and the cell as it is now. */
export interface PastVisit {
  /** Of its session, at the visit, count. */
  readonly repeats: number;
  /** Which visit of the cell it was, from 1, and how many there are now. */
  readonly visit: number;
  readonly visits: number;
  /** Of all visits, the sum. */
  readonly weight: number;
}

/**
 * The weight that the sample of a past visit still has in a value of constant step size: {@link constantStepWeight} times its own. Visits
 * without weight have not displaced it.
 */
export function remainingInValue(past: PastVisit, alpha: number): number {
  return repeatWeight(past.repeats) * constantStepWeight(past.visit, visitsThatCount(past), alpha);
}

/** The same in a mean: its share of the weights until 1/floor of them are in it, then {@link meanStepWeight} times its own. */
export function remainingInMean(past: PastVisit, floor: number): number {
  const own = repeatWeight(past.repeats);
  if (past.weight <= Math.floor(1 / floor)) return own / Math.max(past.weight, 1);
  return own * meanStepWeight(past.visit, visitsThatCount(past), floor);
}

function visitsThatCount({ repeats, visit, visits, weight }: PastVisit): number {
  return Math.min(visits, Math.max(visit, visit + weight - repeatWeight(repeats)));
}
