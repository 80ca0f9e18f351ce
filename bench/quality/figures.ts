import { RESAMPLES } from '../../src/core/evaluation/bootstrap.ts';
import { LEARNED } from '../../src/core/evaluation/contenders/learned.ts';
import { type RankingRow, RankingTable } from '../../src/core/evaluation/ranking-table.ts';
import { mean } from '../statistics.ts';
import { type Bin, reliabilityBins } from './calibration.ts';
import type { Judgement } from './protocol.ts';

/** How well one entrant ranked the last half of the sessions, and the first tenth. Shares in [0, 1]; null: there was no such decision. */
export interface EntrantRow extends RankingRow {
  /** Share of the decisions whose tool was among the first three. */
  readonly hit_at_3: number | null;
  /** On the first tenth of the sessions, when little is known. */
  readonly cold_hit_at_1: number | null;
  readonly cold_mrr: number | null;
}

/** What one source came to. */
export interface SourceFigures {
  readonly source: string;
  /** In the last halves of all orders together. */
  readonly decisions: number;
  readonly repeats: number;
  /** Sessions that had a decision in some last half. */
  readonly sessions: number;
  readonly cold_decisions: number;
  readonly rows: readonly EntrantRow[];
  /** Of the learned ranking's first choices. */
  readonly bins: readonly Bin[];
}

const COLD_SHARE = 0.1;
const RESAMPLING_SEED = 1;

/**
 * The figures of the judgements of all orders together. Intervals: 95 % BCa bootstrap that resamples sessions, each with what came of it
 * in every order.
 * @param names of the entrants, in the order of the ranks
 */
export function figuresOf(source: string, judgements: readonly Judgement[], names: readonly string[]): SourceFigures {
  const last_half = judgements.filter(({ place, sessions }) => place >= sessions / 2);
  const cold = judgements.filter(({ place, sessions }) => place < sessions * COLD_SHARE);
  const table = new RankingTable(last_half, names, RESAMPLING_SEED);
  table.bootstrap.resample(RESAMPLES);
  const rows = table.rows().map((row, at) => ({
    ...row,
    hit_at_3: mean(last_half.map((judgement) => Number((judgement.ranks[at] ?? 0) <= 3))),
    cold_hit_at_1: mean(cold.map((judgement) => Number(judgement.ranks[at] === 1))),
    cold_mrr: mean(cold.map((judgement) => 1 / (judgement.ranks[at] ?? Number.NaN))),
  }));
  const { decisions, repeats, sessions } = table;
  return { source, decisions, repeats, sessions, cold_decisions: cold.length, rows, bins: binsOf(last_half, names.indexOf(LEARNED)) };
}

function binsOf(judgements: readonly Judgement[], entrant: number): Bin[] {
  return reliabilityBins(
    judgements.map(({ confidences, ranks }) => ({ confidence: confidences[entrant] ?? 0, right: ranks[entrant] === 1 })),
  );
}
