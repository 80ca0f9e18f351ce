import type { Arguments } from '../support/server.ts';
import type { Toolwise } from '../support/toolwise.ts';
import type { AskedStep, Task } from './schedule.ts';
import type { Servers } from './servers.ts';
import type { Way } from './tasks/intent.ts';

/** What the agent works with. `available_tools` is every tool, in one shuffled order that stays. */
export interface Desk {
  readonly toolwise: Toolwise;
  readonly servers: Pick<Servers, 'call'>;
  readonly available_tools: readonly string[];
}

/** One call, with the advice that was asked for before it and what really came of it. */
export interface Call {
  readonly task: Task;
  readonly phrase: string;
  /** The first call for a step: it counts in the comparison. A second try after a failed habit does not. */
  readonly scored: boolean;
  /** The tool that serves the step. */
  readonly right: string;
  readonly called: string;
  /** Every available tool, best first, as recommend_tools answered. */
  readonly ranking: readonly string[];
  readonly success: boolean;
  /** The step's data say that this call fails. */
  readonly expected_success: boolean;
  readonly error: string | null;
}

interface Attempt {
  readonly step: AskedStep;
  readonly way: Way;
  readonly ranking: readonly string[];
  readonly scored: boolean;
  readonly last: boolean;
}

const RESULT_KEPT = 300;
/** The user looks up and rates every so many tasks. */
const RATED_TASKS = 4;

/** Works through one task, tells toolwise about every call, and logs how the task ended. */
export async function workThrough(task: Task, desk: Desk): Promise<readonly Call[]> {
  const calls: Call[] = [];
  for (const [at, step] of task.steps.entries()) {
    const last = at === task.steps.length - 1;
    const ranking = await advice(task, step, desk);
    const way = choose(task, step, ranking);
    const first = await attempt(task, { step, way, ranking, scored: true, last: last && way === step }, desk);
    calls.push(first);
    if (first.success || way === step) continue;
    calls.push(await attempt(task, { step, way: step, ranking: await advice(task, step, desk), scored: false, last }, desk));
  }
  await desk.toolwise.ask('log_episode', { session_id: sessionOf(task), outcome: outcomeOf(calls) });
  return calls;
}

/**
 * The agent knows which tool serves a step, except where it has a habit. In the first quarter it has no reason to trust the advice and
 * follows the habit; from then on it takes whichever of the two toolwise ranks higher.
 */
function choose(task: Task, step: AskedStep, ranking: readonly string[]): Way {
  if (step.habit === undefined) return step;
  if (task.quarter === 1) return step.habit;
  return ranking.indexOf(step.habit.tool) < ranking.indexOf(step.tool) ? step.habit : step;
}

async function advice(task: Task, step: AskedStep, desk: Desk): Promise<string[]> {
  const { available_tools } = desk;
  const request = { session_id: sessionOf(task), query: step.query, available_tools, top_k: available_tools.length };
  const { recommendations } = await desk.toolwise.ask('recommend_tools', request);
  return recommendations.map((tool) => tool.tool_name);
}

/** Calls the real tool and records what really happened. */
async function attempt(task: Task, { step, way, ranking, scored, last }: Attempt, desk: Desk): Promise<Call> {
  const { args, answer, ...called } = await callWay(task, { step, way }, desk.servers);
  const said: Arguments = answer.ok ? { result: answer.text.slice(0, RESULT_KEPT) } : { error_message: answer.text.slice(0, RESULT_KEPT) };
  const { execution_id } = await desk.toolwise.ask('record_execution', {
    session_id: sessionOf(task),
    tool_name: way.tool,
    success: answer.ok,
    execution_time_ms: answer.elapsed_ms,
    query: step.query,
    arguments: args,
    is_terminal: last,
    ...said,
  });
  if (task.number % RATED_TASKS === 0) await desk.toolwise.ask('submit_feedback', { execution_id, rating: answer.ok ? 5 : 1 });
  return { ...called, scored, right: step.tool, called: way.tool, ranking };
}

/** Calls the real tool of a way to serve a step. */
export async function callWay(task: Task, { step, way }: Pick<Attempt, 'step' | 'way'>, servers: Desk['servers']) {
  const args = way.arguments(task.thing);
  const answer = await servers.call(way.tool, args);
  const expected_success = way === step ? step.fails !== true : false;
  return { task, phrase: step.phrase, success: answer.ok, expected_success, error: answer.ok ? null : answer.text, args, answer };
}

function sessionOf(task: Task): string {
  return `task-${task.number}`;
}

/** True to what happened: all calls worked; some failed and the last worked; the last failed. */
function outcomeOf(calls: readonly Call[]): string {
  if (calls.at(-1)?.success !== true) return 'failure';
  return calls.every((call) => call.success) ? 'success' : 'partial';
}
