import { LEARNED } from '../../src/core/evaluation/contenders/learned.ts';
import { expectedCalibrationError, reliabilityDiagram } from './calibration.ts';
import { ablations, baselines, type Entrant, learnedFusion } from './entrants.ts';
import { type EntrantRow, figuresOf, type SourceFigures } from './figures.ts';
import type { Progress } from './progress.ts';
import { type Judgement, validate } from './protocol.ts';
import { percent, points, range, type Section } from './section.ts';
import type { Source } from './sources.ts';

/** What takes part beside the learned ranking. */
export interface Field {
  readonly with_baselines: boolean;
  readonly with_ablations: boolean;
}

const ABLATED = /^without /;

function entrantsOf({ with_baselines, with_ablations }: Field, seed: number): Entrant[] {
  return [...(with_baselines ? baselines(seed) : []), learnedFusion(), ...(with_ablations ? ablations() : [])];
}

/** Work to be done, in calls seen by an entrant. */
export function workIn({ sessions }: Source, field: Field, seeds: readonly number[]): number {
  const calls = sessions.reduce((sum, session) => sum + session.steps.length, 0);
  return calls * seeds.length * entrantsOf(field, 0).length;
}

/** Every entrant on every order of one source. @param seeds one an order */
export function judgeSource(source: Source, field: Field, seeds: readonly number[], progress: Progress): SourceFigures {
  const judgements: Judgement[] = [];
  const names = entrantsOf(field, 0).map((entrant) => entrant.name);
  for (const seed of seeds) {
    const label = `next tool, ${source.name}, order ${seed}`;
    const entrants = entrantsOf(field, seed);
    judgements.push(...validate(source, seed, entrants, () => progress.advance(entrants.length, label)));
  }
  return figuresOf(source.name, judgements, names);
}

/** What is told of one source. */
export function sourceSections(figures: SourceFigures, field: Field, orders: number): Section[] {
  return [
    ...(field.with_baselines ? [rankingSection(figures, orders), calibrationSection(figures)] : []),
    ...(field.with_ablations ? [ablationSection(figures)] : []),
  ];
}

/** The learned ranking beside the rules that it must beat. */
function rankingSection(figures: SourceFigures, orders: number): Section {
  const rows = figures.rows.filter((row) => !ABLATED.test(row.contender));
  const head = ['', 'hit@1', '95 %', 'hit@3', 'MRR', 'repeats', 'others', 'cold hit@1', 'cold MRR', 'learned − it', '95 %'];
  return {
    title: `Next tool: ${figures.source}`,
    cells: [head, ...rows.map(rankingCells)],
    notes: [
      verdict(rows),
      `${orders === 1 ? '1 order' : `${orders} orders`}; ${figures.decisions} decisions in the last half of the sessions, ${figures.repeats} of which repeat the previous tool; ${figures.cold_decisions} in the first tenth (cold); ${figures.sessions} sessions resampled for the intervals.`,
    ],
  };
}

function rankingCells(row: EntrantRow): string[] {
  const shares = [row.hit_at_3, row.mrr, row.hit_at_1_on_repeats, row.hit_at_1_on_others, row.cold_hit_at_1, row.cold_mrr];
  const difference = [points(row.difference), range(row.difference_interval, points)];
  return [row.contender, percent(row.hit_at_1), range(row.hit_at_1_interval, percent), ...shares.map(percent), ...difference];
}

function verdict(rows: readonly EntrantRow[]): string {
  const [best] = rows.filter((row) => row.contender !== LEARNED).toSorted((a, b) => (b.hit_at_1 ?? 0) - (a.hit_at_1 ?? 0));
  if (best === undefined) return 'No baseline took part.';
  const interval = range(best.difference_interval, points);
  return `The best baseline at hit@1 is ${best.contender}; learned − best: ${points(best.difference)} points (95 % ${interval}).`;
}

/** What is lost without each signal: positive numbers say that it helps. */
function ablationSection({ source, rows }: SourceFigures): Section {
  const learned = rows.find((row) => row.contender === LEARNED);
  const lost = (without: number | null, all: number | null | undefined) => points((all ?? 0) - (without ?? 0));
  const ablated = rows.filter((row) => ABLATED.test(row.contender));
  const head = ['', 'hit@1', 'lost', '95 %', 'MRR', 'lost', 'cold hit@1', 'lost', 'cold MRR', 'lost'];
  const cells = ablated.map((row) => [
    row.contender,
    ...[percent(row.hit_at_1), points(row.difference), range(row.difference_interval, points)],
    ...[percent(row.mrr), lost(row.mrr, learned?.mrr)],
    ...[percent(row.cold_hit_at_1), lost(row.cold_hit_at_1, learned?.cold_hit_at_1)],
    ...[percent(row.cold_mrr), lost(row.cold_mrr, learned?.cold_mrr)],
  ]);
  return {
    title: `Ablations: ${source}`,
    cells: [head, ...cells],
    notes: ['lost: points that the learned ranking has more with the signal.'],
  };
}

/** How far the confidence of the first choice can be believed. */
function calibrationSection({ source, bins, decisions }: SourceFigures): Section {
  const error = expectedCalibrationError(bins);
  return {
    title: `Calibration: ${source}`,
    cells: [],
    figure: reliabilityDiagram(bins),
    notes: [
      `Expected calibration error ${error?.toFixed(3) ?? 'unknown'} over ${decisions} first choices (last half, 10 bins of equal width).`,
    ],
  };
}
