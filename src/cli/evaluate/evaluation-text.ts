import { LEARNED } from '../../core/evaluation/contenders/learned.ts';
import { FEWEST_EFFECTIVE } from '../../core/evaluation/off-policy.ts';
import type { Bounds, RankingRow } from '../../core/evaluation/ranking-table.ts';
import type { ValueRow } from '../../core/evaluation/value-table.ts';
import { signed } from '../../core/evaluation/verdict.ts';
import { counted } from '../../core/quote.ts';
import type { Evaluation } from '../../engine/evaluate-policy.ts';
import { type Column, type Style, table } from '../table.ts';

const RANKING_COLUMNS: readonly Column<RankingRow>[] = [
  { title: 'contender', align: 'left', cell: (row) => row.contender },
  { title: 'hit@1', align: 'right', cell: (row) => percent(row.hit_at_1) },
  { title: 'MRR', align: 'right', cell: (row) => percent(row.mrr) },
  { title: 'on repeats', align: 'right', cell: (row) => percent(row.hit_at_1_on_repeats) },
  { title: 'on others', align: 'right', cell: (row) => percent(row.hit_at_1_on_others) },
  { title: 'learned less it', align: 'right', cell: (row) => (row.difference === null ? '-' : signed(100 * row.difference, 1)) },
  { title: '95 % interval', align: 'right', cell: (row) => interval(row.difference_interval, 100) },
];

/** A line of the second table: a contender, or the draws as they were logged. null: not known, or not to be trusted. */
type ValueLine = Pick<ValueRow, 'contender' | 'difference' | 'difference_interval'> & {
  readonly [Key in keyof ValueRow]?: ValueRow[Key] | null;
};

const VALUE_COLUMNS: readonly Column<ValueLine>[] = [
  { title: 'contender', align: 'left', cell: (row) => row.contender },
  { title: 'DR', align: 'right', cell: (row) => number(row.dr) },
  { title: '95 % interval', align: 'right', cell: (row) => interval(row.dr_interval ?? null, 1, number) },
  { title: 'SNIPS', align: 'right', cell: (row) => number(row.snips) },
  { title: 'IPS', align: 'right', cell: (row) => number(row.ips) },
  { title: 'replay', align: 'right', cell: (row) => number(row.replay) },
  { title: 'draws worth', align: 'right', cell: (row) => number(row.effective_sample_size, 0) },
  { title: 'mean weight', align: 'right', cell: (row) => number(row.mean_weight, 2) },
  { title: 'coverage', align: 'right', cell: (row) => percent(row.coverage) },
  { title: 'learned less it', align: 'right', cell: (row) => (row.difference === null ? '-' : signed(row.difference, 1)) },
  { title: '95 % interval', align: 'right', cell: (row) => interval(row.difference_interval, 1) },
];

const NO_DIFFERENCE = Object.freeze({ difference: null, difference_interval: null });
const NO_ESTIMATES = Object.freeze({ dr: null, dr_interval: null, snips: null, ips: null, replay: null, ...NO_DIFFERENCE });

const NOT_SHOWN = `No estimate is shown where the draws are worth less than ${FEWEST_EFFECTIVE}, or hardly ever could have been its choices (mean weight not near 1).`;

/** The readable form of `toolwise evaluate`: the tables that there is data for, then the verdict. */
export function evaluationText(evaluation: Evaluation, style: Style): string {
  const { decisions, ranking, off_policy, verdict } = evaluation;
  const sections = [
    ...(decisions === 0 ? [] : [`${rankingHead(evaluation, style)}\n${table(RANKING_COLUMNS, ranking, style)}`]),
    ...(off_policy === null ? [] : [valueSection(off_policy, style)]),
    verdict.sentence,
  ];
  return sections.join('\n\n');
}

function rankingHead({ executions, decisions, sessions, repeat_share }: Evaluation, style: Style): string {
  const judged = `${counted(decisions, 'choice')} in ${counted(sessions, 'session')} out of ${counted(executions, 'call')}`;
  return `${style.bold('Would it have put the tool first that was called?')} ${judged}; ${percent(repeat_share)} repeat the previous tool`;
}

function valueSection({ draws, sessions, as_logged, estimates }: NonNullable<Evaluation['off_policy']>, style: Style): string {
  const can_compare = estimates.some((row) => row.contender === LEARNED && row.trusted);
  const { mean_reward, interval: logged_interval, ...difference } = as_logged;
  const logged: ValueLine = { contender: 'as logged', dr: mean_reward, dr_interval: logged_interval, ...difference };
  const lines = [logged, ...estimates.map((row): ValueLine => (row.trusted ? row : { ...row, ...NO_ESTIMATES }))];
  const told = can_compare ? lines : lines.map((line) => ({ ...line, ...NO_DIFFERENCE }));
  const head = style.bold('What would its first choice have earned in place of select_tool?');
  const note = estimates.every((row) => row.trusted) ? '' : `\n${NOT_SHOWN}`;
  return `${head} Reward a call, ${counted(draws, 'draw')} in ${counted(sessions, 'session')}\n${table(VALUE_COLUMNS, told, style)}${note}`;
}

function interval(bounds: Bounds, factor: number, told: (value: number) => string = (value) => signed(value, 1)): string {
  return bounds === null ? '-' : bounds.map((bound) => told(factor * bound)).join(' to ');
}

function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '-' : `${(100 * share).toFixed(1)} %`;
}

function number(value: number | null | undefined, decimals = 1): string {
  return value === null || value === undefined ? '-' : value.toFixed(decimals);
}
