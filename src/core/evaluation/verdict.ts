import { counted } from '../quote.ts';
import { LEARNED } from './contenders/learned.ts';
import { FEWEST_EFFECTIVE } from './off-policy.ts';
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

const NOT_ENOUGH = 'not enough data';
/** The more cautious first. */
const BY_CAUTION: readonly VerdictOutcome[] = ['worse', 'no better', 'better'];

/** What one kind of evidence says: the numbers, or what they lack. */
interface Finding {
  readonly outcome: VerdictOutcome;
  readonly text: string;
}

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
 * and worse where the 95 % interval of the difference leaves out 0. What has too little data is silent; where both speak and disagree, the
 * more cautious decides and leads the sentence.
 */
export function verdict(ranking: RankingEvidence, values: ValueEvidence | null): Verdict {
  const findings = [rankingFinding(ranking), ...(values === null ? [] : [valueFinding(values)])];
  const [first, second] = findings
    .filter(({ outcome }) => outcome !== NOT_ENOUGH)
    .toSorted((a, b) => BY_CAUTION.indexOf(a.outcome) - BY_CAUTION.indexOf(b.outcome));
  if (first === undefined) return told(NOT_ENOUGH, `${NOT_ENOUGH}: ${findings.map(({ text }) => text).join('; ')}`);
  return told(first.outcome, `${first.text}: ${first.outcome}${second === undefined ? '' : joined(first, second)}`);
}

/** A dissenting finding is told without its outcome: the sentence has one. */
function joined(first: Finding, { outcome, text }: Finding): string {
  return outcome === first.outcome ? `; ${text}: ${outcome}` : `, although ${text}`;
}

function told(outcome: VerdictOutcome, text: string): Verdict {
  return { outcome, sentence: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` };
}

function rankingFinding({ decisions, sessions, rows }: RankingEvidence): Finding {
  const learned = rows.find((row) => row.contender === LEARNED);
  const [best] = rows.filter((row) => row !== learned).toSorted((a, b) => (b.hit_at_1 ?? 0) - (a.hit_at_1 ?? 0));
  if (decisions < FEWEST_DECISIONS || sessions < FEWEST_SESSIONS || learned === undefined || best === undefined) {
    const judged = `${counted(decisions, 'decision')} in ${counted(sessions, 'session')}`;
    return { outcome: NOT_ENOUGH, text: `${judged} to judge, and it takes ${FEWEST_DECISIONS} in ${FEWEST_SESSIONS}` };
  }
  const interval = best.difference_interval?.map((bound) => signed(100 * bound, 1)).join(' to ') ?? 'unknown';
  const text =
    `the learned ranking put the called tool first in ${percent(learned.hit_at_1)} of ${decisions} decisions (${sessions} sessions); ` +
    `the best simple rule, ${best.contender}, in ${percent(best.hit_at_1)}; ` +
    `difference ${signed(100 * (best.difference ?? 0), 1)} points, 95 % interval ${interval}`;
  return { outcome: outcomeOf(best.difference_interval), text };
}

function valueFinding({ draws, sessions, rows, as_logged }: ValueEvidence): Finding {
  const learned = rows.find((row) => row.contender === LEARNED);
  if (learned?.trusted !== true || sessions < FEWEST_SESSIONS) return { outcome: NOT_ENOUGH, text: missing(draws, sessions, learned) };
  const interval = as_logged.difference_interval?.map((bound) => signed(bound, 1)).join(' to ') ?? 'unknown';
  const text =
    `in place of ${draws} draws of select_tool (worth ${Math.floor(learned.effective_sample_size)}) the learned first choice would have ` +
    `earned ${fixed(learned.dr)} a call, not ${fixed(as_logged.mean_reward)}; ` +
    `difference ${signed(as_logged.difference ?? 0, 1)}, 95 % interval ${interval}`;
  return { outcome: outcomeOf(as_logged.difference_interval), text };
}

/** Why the draws tell nothing of the learned first choice. */
function missing(draws: number, sessions: number, learned: ValueRow | undefined): string {
  const of_draws = `${counted(draws, 'draw')} of select_tool in ${counted(sessions, 'session')}`;
  const effective = learned?.effective_sample_size ?? 0;
  if (effective < FEWEST_EFFECTIVE || sessions < FEWEST_SESSIONS) {
    return `${of_draws}, worth ${Math.floor(effective)}, and it takes ${FEWEST_EFFECTIVE} in ${FEWEST_SESSIONS}`;
  }
  const weight = learned?.mean_weight ?? 0;
  const reason = weight < 0.5 ? 'hardly ever could have been' : weight < 1 ? 'too seldom could have been' : 'were by chance too often';
  return `the ${of_draws} ${reason} its first choices (mean weight ${weight.toFixed(2)}, not near 1)`;
}

function outcomeOf(interval: Bounds): VerdictOutcome {
  if (interval === null) return NOT_ENOUGH;
  const [low, high] = interval;
  return low > 0 ? 'better' : high < 0 ? 'worse' : 'no better';
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
