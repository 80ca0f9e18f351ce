import { LEARNED } from './contenders/learned.ts';
import type { Bounds, RankingRow } from './ranking-table.ts';
import type { AsLogged, ValueRow } from './value-table.ts';

export const OUTCOMES = ['better', 'no better', 'worse', 'not enough data'] as const;
export type VerdictOutcome = (typeof OUTCOMES)[number];

/** The answer, and one sentence with the numbers behind it. */
export interface Verdict {
  readonly outcome: VerdictOutcome;
  readonly sentence: string;
}

/** Fewer say nothing: the rule of thumb for a mean, and a bootstrap over sessions needs some sessions to draw from. */
const FEWEST_DECISIONS = 30;
const FEWEST_SESSIONS = 10;
/** Draws that the importance weights must be worth. */
export const FEWEST_EFFECTIVE = 30;

export interface RankingEvidence {
  readonly decisions: number;
  readonly sessions: number;
  readonly rows: readonly RankingRow[];
}

export interface ValueEvidence {
  readonly draws: number;
  readonly sessions: number;
  readonly rows: readonly ValueRow[];
  readonly as_logged: AsLogged;
}

/**
 * Whether the learned ranking did better than the best of the simple rules and, where `select_tool` drew, than the draws as logged. Better
 * and worse where the 95 % interval of the difference leaves out 0. The ranking decides the outcome; the draws do where they alone suffice.
 */
export function verdict(ranking: RankingEvidence, values: ValueEvidence | null): Verdict {
  const of_ranking = rankingVerdict(ranking);
  const of_values = values === null ? null : valueVerdict(values);
  const decides = of_ranking.outcome === 'not enough data' && of_values !== null ? of_values.outcome : of_ranking.outcome;
  const text = of_values === null ? of_ranking.sentence : `${of_ranking.sentence}; ${of_values.sentence}`;
  return { outcome: decides, sentence: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
}

function rankingVerdict({ decisions, sessions, rows }: RankingEvidence): Verdict {
  const learned = rows.find((row) => row.contender === LEARNED);
  const [best] = rows.filter((row) => row !== learned).toSorted((a, b) => (b.hit_at_1 ?? 0) - (a.hit_at_1 ?? 0));
  if (decisions < FEWEST_DECISIONS || sessions < FEWEST_SESSIONS || learned === undefined || best === undefined) {
    return tooLittle(
      `${counted(decisions, 'decision')} in ${counted(sessions, 'session')} to judge, and it takes ${FEWEST_DECISIONS} in ${FEWEST_SESSIONS}`,
    );
  }
  const outcome = outcomeOf(best.difference_interval);
  const interval = best.difference_interval?.map((bound) => signed(100 * bound, 1)).join(' to ') ?? 'unknown';
  const sentence =
    `the learned ranking put the called tool first in ${percent(learned.hit_at_1)} of ${decisions} decisions (${sessions} sessions); ` +
    `the best simple rule, ${best.contender}, in ${percent(best.hit_at_1)}; ` +
    `difference ${signed(100 * (best.difference ?? 0), 1)} points, 95 % interval ${interval}: ${outcome}`;
  return { outcome, sentence };
}

function valueVerdict({ draws, sessions, rows, as_logged }: ValueEvidence): Verdict {
  const learned = rows.find((row) => row.contender === LEARNED);
  const effective = learned?.effective_sample_size ?? 0;
  if (learned === undefined || effective < FEWEST_EFFECTIVE || sessions < FEWEST_SESSIONS) {
    const worth = `${counted(draws, 'draw')} of select_tool in ${counted(sessions, 'session')}, worth ${Math.floor(effective)}`;
    return tooLittle(`${worth}, and it takes ${FEWEST_EFFECTIVE} in ${FEWEST_SESSIONS}`);
  }
  const outcome = outcomeOf(as_logged.difference_interval);
  const interval = as_logged.difference_interval?.map((bound) => signed(bound, 1)).join(' to ') ?? 'unknown';
  const sentence =
    `in place of ${draws} draws of select_tool (worth ${Math.floor(effective)}) its first choice would have earned ` +
    `${fixed(learned.dr)} a call, not ${fixed(as_logged.mean_reward)}; ` +
    `difference ${signed(as_logged.difference ?? 0, 1)}, 95 % interval ${interval}: ${outcome}`;
  return { outcome, sentence };
}

function tooLittle(what: string): Verdict {
  return { outcome: 'not enough data', sentence: `not enough data: ${what}` };
}

function outcomeOf(interval: Bounds): VerdictOutcome {
  if (interval === null) return 'not enough data';
  const [low, high] = interval;
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'no better';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function percent(share: number | null): string {
  return `${Math.round(100 * (share ?? 0))} %`;
}

function fixed(value: number | null): string {
  return (value ?? 0).toFixed(1);
}

/** With its sign; what rounds to nothing has none. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return Number(text) === 0 ? text : `${value < 0 ? '-' : '+'}${text}`;
}
