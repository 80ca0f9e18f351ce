import type { Entry, PlacedEntry } from '../../store/log-entries.ts';
import type { Engine } from '../engine.ts';
import { emptyCopy, type Lesson, learnersOf } from './copy.ts';
import { entriesOf, type Progress } from './entries.ts';
import { requireWholeLog } from './forget.ts';
import type { LearnersBySettings } from './learners-by-settings.ts';
import { LogReader } from './log-reader.ts';
import { replaceBy } from './rewrite.ts';

export interface Merged {
  /** Entries of the other database that are now in this one, count; and those that were in it before. */
  readonly added: number;
  readonly known: number;
}

/**
 * Takes the log of another database into this one, as if one database had seen both in the order of time. The other stays as it is.
 * @throws UserError when retention has removed a part of either log
 */
export async function merge(engine: Engine, other: Engine, progress?: Progress): Promise<Merged> {
  await requireWholeLog(engine);
  await requireWholeLog(other);
  const copy = await emptyCopy(engine);
  try {
    const reader = new LogReader();
    const mine = await learnersOf(copy, engine);
    const theirs = await learnersOf(copy, other);
    const counts = { mine: 0, theirs: 0 };
    const both = byTime(entriesOf(engine, { progress, reader }), entriesOf(other));
    const taught = await copy.teach(lessons(both, { mine, theirs }, counts));
    await replaceBy(engine, copy, { reader, catchUp: (rest) => copy.teach(rest.map(({ entry }) => ({ entry, by: mine }))) });
    return { added: taught - counts.mine, known: counts.mine + counts.theirs - taught };
  } finally {
    await copy.remove();
  }
}

interface From {
  readonly from: 'mine' | 'theirs';
  readonly entry: Entry;
}

async function* lessons(
  both: AsyncIterable<From>,
  learners: Record<From['from'], LearnersBySettings>,
  counts: Record<From['from'], number>,
): AsyncGenerator<Lesson> {
  for await (const { from, entry } of both) {
    counts[from] += 1;
    yield { entry, by: learners[from], is_doubtful: from === 'theirs' };
  }
}

/** Two logs as one, each in its own order, the earlier time first. An entry without a time follows the one before it. */
async function* byTime(a: AsyncGenerator<PlacedEntry>, b: AsyncGenerator<PlacedEntry>): AsyncGenerator<From> {
  const times = { a: 0, b: 0 };
  let [nextA, nextB] = [await a.next(), await b.next()];
  while (nextA.done !== true || nextB.done !== true) {
    if (nextA.done !== true) times.a = timeOf(nextA.value, times.a);
    if (nextB.done !== true) times.b = timeOf(nextB.value, times.b);
    if (nextB.done === true || (nextA.done !== true && times.a <= times.b)) {
      if (nextA.done !== true) yield { from: 'mine', entry: nextA.value.entry };
      nextA = await a.next();
    } else {
      yield { from: 'theirs', entry: nextB.value.entry };
      nextB = await b.next();
    }
  }
}

function timeOf({ entry }: PlacedEntry, before: number): number {
  return 'at_ms' in entry ? Math.max(before, entry.at_ms) : before;
}
