import { type ComparableRow, comparableRows, countOfUnknownSettings, DERIVED, type DerivedTable } from '../../store/comparable-rows.ts';
import { readCounters } from '../../store/learner.ts';
import { readLogState } from '../../store/log-state.ts';
import type { Engine } from '../engine.ts';
import { emptyCopy, learnersOf } from './copy.ts';
import { entriesOf, type Progress } from './entries.ts';
import { lessons, rewrite } from './rewrite.ts';

export interface Difference {
  readonly table: string;
  readonly row: string;
  readonly stored: string;
  readonly recomputed: string;
}

export interface Recomputed {
  /** false: not everything could be compared, `why_not` says what. */
  readonly is_comparable: boolean;
  readonly why_not: string | null;
  /** Executions that were learned again, count. */
  readonly executions: number;
  /** The first differences, and how many there are. */
  readonly differences: readonly Difference[];
  readonly difference_count: number;
}

const SHOWN = 20;
/** Sums are made in the same order, so that equal logs give equal bits; the rest is for files that came from another machine. */
const TOLERANCE = 1e-9;

/** Learns the whole log again, beside the database, and compares counts, totals, sequences and values. Writes nothing into it. */
export async function recompute(engine: Engine, progress?: Progress): Promise<Recomputed> {
  const { pruned_executions } = await engine.read(readLogState);
  const { update_count: executions } = await engine.read(readCounters);
  if (pruned_executions > 0) return incomparable(`${pruned_executions} of ${executions} executions were removed by retention`);
  const unknown = await engine.read(countOfUnknownSettings);
  const copy = await emptyCopy(engine);
  try {
    const by = await learnersOf(copy, engine);
    await copy.teach(lessons(entriesOf(engine, { progress }), by));
    const differences = await compared(engine, copy.engine, unknown > 0);
    const why_not =
      unknown === 0 ? null : `${unknown} rows come from an older version that did not store its settings; only counts were compared`;
    return {
      is_comparable: unknown === 0,
      why_not,
      executions,
      differences: differences.slice(0, SHOWN),
      difference_count: differences.length,
    };
  } finally {
    await copy.remove();
  }
}

/** Learns the whole log again and puts the result in the database's place. */
export async function repair(engine: Engine, progress?: Progress): Promise<void> {
  await rewrite(engine, { progress });
}

function incomparable(why_not: string): Recomputed {
  return { is_comparable: false, why_not, executions: 0, differences: [], difference_count: 0 };
}

async function compared(stored: Engine, again: Engine, counts_only: boolean): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const table of DERIVED) {
    if (counts_only && table.needs_settings) continue;
    const rows = await stored.read((trx) => comparableRows(trx, table));
    const recomputed = await again.read((trx) => comparableRows(trx, table));
    differences.push(...differencesOf(table, rows, recomputed));
  }
  return differences;
}

type Rows = ReadonlyMap<string, ComparableRow>;

function differencesOf({ table }: DerivedTable, stored: Rows, recomputed: Rows): Difference[] {
  const names = new Set([...stored.keys(), ...recomputed.keys()]);
  return [...names].flatMap((row) => {
    const [a, b] = [stored.get(row), recomputed.get(row)];
    if (a === undefined || b === undefined) return [{ table, row, stored: a ? 'there' : 'missing', recomputed: b ? 'there' : 'missing' }];
    return Object.keys(a).flatMap((column) => {
      const [one, other] = [a[column] ?? null, b[column] ?? null];
      return isSame(one, other) ? [] : [{ table, row, stored: `${column} ${one}`, recomputed: `${column} ${other}` }];
    });
  });
}

function isSame(a: string | number | null, b: string | number | null): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a));
}
