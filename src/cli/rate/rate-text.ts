import { counted, inert, quoted } from '../../core/quote.ts';
import type { SubmitFeedbackOutput } from '../../engine/submit-feedback.ts';
import type { UnratedExecution, UnratedOutput } from '../../engine/unrated-executions.ts';
import { short } from '../../mcp/format.ts';
import { type Column, type Style, table } from '../table.ts';

const LONGEST_QUERY = 60;

const HOW = `Rate one with      toolwise rate EXECUTION_ID STARS [--comment TEXT]
Rate many with     toolwise rate --all STARS --tool NAME, or --session ID; or lines "EXECUTION_ID STARS" into toolwise rate -`;

/** The list for a person; what users wrote is cut and inert. */
export function unratedText({ total, executions }: UnratedOutput, style: Style): string {
  if (total === 0) return 'No execution waits for a rating.';
  const columns: readonly Column<UnratedExecution>[] = [
    { title: 'execution', align: 'left', cell: ({ execution_id }) => inert(execution_id) },
    { title: 'tool', align: 'left', cell: ({ tool_name }) => tool_name },
    { title: 'session', align: 'left', cell: ({ session_id }) => inert(session_id) },
    { title: 'when', align: 'right', cell: ({ age_ms }) => ago(age_ms) },
    { title: 'result', align: 'left', cell: ({ success }) => (success ? 'success' : 'failure') },
    { title: 'request', align: 'left', cell: ({ untrusted }) => shownQuery(untrusted.query) },
  ];
  const rest = total > executions.length ? `, the latest ${executions.length}` : '';
  return `${style.bold(`${counted(total, 'execution')} without a rating`)}${rest}\n${table(columns, executions, style)}\n\n${HOW}`;
}

/** What a person sees before rating one. */
export function executionText({ tool_name, session_id, success, execution_time_ms, age_ms, untrusted }: UnratedExecution): string {
  const took = execution_time_ms === null ? '' : ` in ${short(execution_time_ms, 0)} ms`;
  const lines = [
    `${tool_name}: ${success ? 'success' : 'failure'}${took}, ${ago(age_ms)}`,
    `session  ${inert(session_id)}`,
    ...(untrusted.query === null ? [] : [`request  ${quotedText(untrusted.query)}`]),
    ...(untrusted.error_message === null ? [] : [`error    ${quotedText(untrusted.error_message)}`]),
  ];
  return lines.join('\n');
}

/** One line that says what a rating changed. */
export function ratedText({
  execution_id,
  rating,
  reward_before,
  reward_after,
  q_value_before,
  q_value_after,
}: SubmitFeedbackOutput): string {
  const reward = `reward ${short(reward_before)} -> ${short(reward_after)}`;
  return `Rated ${quoted(execution_id)} ${rating} of 5: ${reward}, Q-value ${short(q_value_before)} -> ${short(q_value_after)}`;
}

function shownQuery(query: string | null): string {
  if (query === null) return '-';
  return inert(query.length > LONGEST_QUERY ? `${query.slice(0, LONGEST_QUERY)}…` : query);
}

/** In quotes, so that it is seen to be somebody's words. */
function quotedText(text: string): string {
  return `"${inert(text)}"`;
}

const STEPS: readonly (readonly [unit: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** "3 min ago". */
export function ago(age_ms: number): string {
  const [unit, ms] = STEPS.find(([, length]) => age_ms >= length) ?? ['s', 1000];
  return `${Math.floor(age_ms / ms)} ${unit} ago`;
}
