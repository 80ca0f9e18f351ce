import { LEARNED } from '../../src/core/evaluation/contenders/learned.ts';
import { expectedCalibrationError } from './calibration.ts';
import type { EntrantRow, SourceFigures } from './figures.ts';
import type { RoutingFigures } from './routing/routing.ts';
import type { Section } from './section.ts';

/** What must be reached, or must not be passed, by the learned ranking. */
interface Goal {
  readonly what: string;
  readonly bound: 'at least' | 'at most';
  readonly value: number;
  readonly measured: number;
}

const HIT_AT_1: ReadonlyMap<string, number> = new Map([
  ['tau_airline', 0.83],
  ['bfcl_mt', 0.75],
]);
const MRR: ReadonlyMap<string, number> = new Map([
  ['tau_airline', 0.89],
  ['bfcl_mt', 0.84],
]);
const MOST_CALIBRATION_ERROR = 0.05;
/** Average reward by trial. */
const ROUTED: ReadonlyMap<string, number> = new Map([
  ['names hidden', 0.45],
  ['names shown', 0.75],
  ['names hidden, skew 1', 0.6],
  ['names shown, skew 1', 0.8],
  ['names hidden, 10 % noise', 0.25],
  ['names shown, 10 % noise', 0.68],
]);
/** Reward over the last rounds by trial. */
const ROUTED_AT_LAST: ReadonlyMap<string, number> = new Map([['names shown, drift half-way', 0.65]]);
/** Fewer rounds earn less: the goals do not hold for them. */
export const ROUNDS_OF_GOALS = 10_000;

/** The goals that the figures bear on, with what was measured; null: none. */
export function goalsSection(sources: readonly SourceFigures[], routed: readonly RoutingFigures[]): Section | null {
  const goals = [...sources.flatMap(sourceGoals), ...routed.flatMap(routingGoals)];
  if (goals.length === 0) return null;
  const cells = goals.map(({ what, bound, value, measured }) => {
    const is_met = bound === 'at least' ? measured >= value : measured <= value;
    return [what, `${bound} ${value.toFixed(3)}`, measured.toFixed(3), is_met ? 'met' : 'NOT MET'];
  });
  return { title: 'Goals', cells: [['', 'goal', 'measured', ''], ...cells], notes: [] };
}

function sourceGoals({ source, rows, bins }: SourceFigures): Goal[] {
  const learned = rows.find((row) => row.contender === LEARNED);
  const row = (name: string) => rows.find((each) => each.contender === name);
  return [
    ...atLeast(`${source}: hit@1`, HIT_AT_1.get(source), learned?.hit_at_1),
    ...atLeast(`${source}: MRR`, MRR.get(source), learned?.mrr),
    ...atLeast(`${source}: hit@1 on others (goal: online softmax alone)`, others(row('online softmax alone')), others(learned)),
    ...atLeast(`${source}: cold hit@1 (goal: repeat previous)`, row('repeat previous')?.cold_hit_at_1, learned?.cold_hit_at_1),
    ...atLeast(`${source}: cold hit@1 (goal: description match)`, row('description match')?.cold_hit_at_1, learned?.cold_hit_at_1),
    ...atMost(`${source}: calibration error`, MOST_CALIBRATION_ERROR, expectedCalibrationError(bins)),
  ];
}

function routingGoals({ trial, learned }: RoutingFigures): Goal[] {
  return [
    ...atLeast(`routing, ${trial.name}: average reward`, ROUTED.get(trial.name), learned.average),
    ...atLeast(`routing, ${trial.name}: last 1000`, ROUTED_AT_LAST.get(trial.name), learned.latest),
  ];
}

function others(row: EntrantRow | undefined): number | null | undefined {
  return row?.hit_at_1_on_others;
}

type Known = number | null | undefined;

/** None where there is no goal or nothing was measured. */
function atLeast(what: string, value: Known, measured: Known): Goal[] {
  return typeof value === 'number' && typeof measured === 'number' ? [{ what, bound: 'at least', value, measured }] : [];
}

function atMost(what: string, value: number, measured: Known): Goal[] {
  return typeof measured === 'number' ? [{ what, bound: 'at most', value, measured }] : [];
}
