import { combined } from '../hashing.ts';
import { FULL_UPDATES, updateKey } from '../repeats.ts';
import { Latest } from './latest.ts';

/** Other sessions that make what is known the work of many, and what is known of one request that of several. */
const MANY = 3;
const SEVERAL = 2;
/** Of what the others taught, the share that one session may add a day, and what it may add in any case: of one tool, and in all. */
const SHARE = 0.1;
const LEAST = Object.freeze({ good: 2, bad: 1, total: 20 });
/** Updates of one cell that count a day. A session that is alone must see a tool fall that breaks: more failures than successes count. */
const MOST_REPEATS = Object.freeze({ good: FULL_UPDATES, bad: 20 });
/** Kinds of counts. */
const [TOTAL, TOOL, REQUEST, NEWS, CELL] = [1, 2, 3, 4, 5];
/** In the place of a tool: all of them. In that of a session: whichever. Of a day: of all days. */
const [ALL_TOOLS, ANYBODY, EVER] = [0, 0, 0];

/** An outcome that a session would teach. Hashes, but for good and day. */
export interface Update {
  readonly session: number;
  readonly request: number;
  /** 0: none. */
  readonly previous: number;
  readonly tool: number;
  /** Evidence for the tool, or against it. */
  readonly good: boolean;
  /** Whole days since 1970 in UTC. */
  readonly day: number;
}

/** What becomes of an update: it teaches; only shows how good the predictions are; or, too often repeated, nothing. */
export type Admission = 'taught' | 'seen' | 'repeated';

/** What is remembered, as it is stored. */
export interface SavedLimits {
  readonly counts: ReturnType<Latest<number>['save']>;
  readonly totals: ReturnType<Latest<number>['save']>;
  readonly teachers: ReturnType<Latest<readonly number[]>['save']>;
  readonly sessions: readonly number[];
}

/**
 * What one session may teach, so that it cannot undo what many have. A success of a tool for the same request after the same tool counts three
 * times a day, a failure twenty times. More holds for a session where at least three others have taught: a day, it teaches at most a tenth of what the
 * others have, of a tool and in all, but two good outcomes and one bad of a tool and 20 in all in any case; and for a request that two others
 * know, each outcome of a tool once, and once only one that none of the others has seen. A session that is alone, as that of an agent with
 * one name for ever, meets only the first limit. docs/algorithms.md, "One session among many".
 */
export class Limits {
  /** Updates of a session, of one day. */
  readonly #counts = new Latest<number>();
  /** Updates of all days: of a tool, and of a session for a tool. */
  readonly #totals = new Latest<number>();
  /** The first sessions that taught for a request, and the first that taught an outcome for it. */
  readonly #teachers = new Latest<readonly number[]>();
  /** The first sessions that taught. */
  #sessions: readonly number[] = [];

  /** Whether the update still counts; it is counted. */
  admit(update: Update): Admission {
    const keys = keysOf(update);
    if (this.#count(keys.cell) >= (update.good ? MOST_REPEATS.good : MOST_REPEATS.bad)) return 'repeated';
    this.#counts.set(keys.cell, this.#count(keys.cell) + 1);
    if (this.#isOneOfMany(update) && !this.#leavesToOthers(update, keys)) return 'seen';
    this.#add(update, keys);
    return 'taught';
  }

  save(): SavedLimits {
    return { counts: this.#counts.save(), totals: this.#totals.save(), teachers: this.#teachers.save(), sessions: this.#sessions };
  }

  load({ counts, totals, teachers, sessions }: SavedLimits): void {
    this.#counts.load(counts);
    this.#totals.load(totals);
    this.#teachers.load(teachers);
    this.#sessions = sessions;
  }

  #isOneOfMany({ session }: Update): boolean {
    return this.#sessions.filter((other) => other !== session).length >= MANY;
  }

  #leavesToOthers({ session, tool, good }: Update, keys: Keys): boolean {
    const { total: least_total, [good ? 'good' : 'bad']: least } = LEAST;
    if (this.#count(keys.of_tool) >= Math.max(least, SHARE * this.#byOthers(tool, keys.own_of_tool))) return false;
    if (this.#count(keys.total) >= Math.max(least_total, SHARE * this.#byOthers(ALL_TOOLS, keys.own))) return false;
    if (this.#othersWho(keys.request, session) < SEVERAL) return true;
    return this.#count(this.#isNew(keys, session) ? keys.news : keys.of_request) === 0;
  }

  /** None of the others has seen this outcome of the tool for the request. */
  #isNew({ outcome }: Keys, session: number): boolean {
    return this.#othersWho(outcome, session) === 0;
  }

  #byOthers(tool: number, own: number): number {
    return (this.#totals.get(tool) ?? 0) - (this.#totals.get(own) ?? 0);
  }

  #othersWho(taught: number, session: number): number {
    return (this.#teachers.get(taught) ?? []).filter((other) => other !== session).length;
  }

  #count(key: number): number {
    return this.#counts.get(key) ?? 0;
  }

  #add({ session, tool }: Update, keys: Keys): void {
    const news = this.#isNew(keys, session) ? [keys.news] : [];
    for (const key of [keys.total, keys.of_tool, keys.of_request, ...news]) this.#counts.set(key, this.#count(key) + 1);
    for (const key of [ALL_TOOLS, tool, keys.own, keys.own_of_tool]) this.#totals.set(key, (this.#totals.get(key) ?? 0) + 1);
    for (const key of [keys.request, keys.outcome]) this.#teachers.set(key, withFirst(this.#teachers.get(key) ?? [], session, SEVERAL + 1));
    this.#sessions = withFirst(this.#sessions, session, MANY + 1);
  }
}

type Keys = ReturnType<typeof keysOf>;

function keysOf({ session, request, previous, tool, good, day }: Update) {
  const of_request = combined(REQUEST, request);
  return {
    cell: updateKey({ day, session, context: combined(combined(CELL, request), previous), tool, good }),
    total: updateKey({ day, session, context: TOTAL, tool: ALL_TOOLS, good: true }),
    of_tool: updateKey({ day, session, context: TOOL, tool, good }),
    of_request: updateKey({ day, session, context: of_request, tool, good }),
    news: updateKey({ day, session, context: combined(NEWS, request), tool: ALL_TOOLS, good: true }),
    own: updateKey({ day: EVER, session, context: TOTAL, tool: ALL_TOOLS, good: false }),
    own_of_tool: updateKey({ day: EVER, session, context: TOTAL, tool, good: true }),
    request: updateKey({ day: EVER, session: ANYBODY, context: of_request, tool: ALL_TOOLS, good: true }),
    outcome: updateKey({ day: EVER, session: ANYBODY, context: of_request, tool, good }),
  };
}

/** The first `most` different sessions. */
function withFirst(sessions: readonly number[], session: number, most: number): readonly number[] {
  return sessions.length >= most || sessions.includes(session) ? sessions : [...sessions, session];
}
