import { setImmediate } from 'node:timers/promises';
import type { ClusterBootstrap } from '../core/evaluation/bootstrap.ts';
import { RESAMPLES } from '../core/evaluation/bootstrap.ts';
import { allContenders } from '../core/evaluation/contenders/all.ts';
import { type Draw, ProgressiveValidation } from '../core/evaluation/progressive-validation.ts';
import { type RankingRow, RankingTable } from '../core/evaluation/ranking-table.ts';
import { type AsLogged, type ValueRow, ValueTable } from '../core/evaluation/value-table.ts';
import { type Verdict, verdict } from '../core/evaluation/verdict.ts';
import type { LogEvent } from '../core/learner/log-event.ts';
import { UserError } from '../errors.ts';
import { eventsAfter, ToolNames } from '../store/log-events.ts';
import { choicesBetween, type LogWindow, latestWindow, registrationsUpTo } from '../store/logged-choices.ts';
import type { Engine } from './engine.ts';

export interface EvaluatePolicyInput {
  /** The latest so many calls are replayed. */
  readonly max_executions?: number | undefined;
}

export interface Evaluation {
  /** Calls replayed, count. */
  readonly executions: number;
  /** Choices judged, count, and the sessions they were made in. */
  readonly decisions: number;
  readonly sessions: number;
  /** Share of the decisions that took the previous tool again; null: no decisions. */
  readonly repeat_share: number | null;
  readonly ranking: readonly RankingRow[];
  /** null: no tool that `select_tool` drew was called. */
  readonly off_policy: {
    readonly draws: number;
    readonly sessions: number;
    readonly as_logged: AsLogged;
    readonly estimates: readonly ValueRow[];
  } | null;
  readonly verdict: Verdict;
}

export interface EvaluationProgress {
  readonly progress?: ((done: number, total: number, message: string) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const DEFAULT_EXECUTIONS = 10_000;
const PAGE = 200;
/** Resamples between two looks at what else there is to do. */
const RESAMPLES_A_TURN = 10;
/** Separates the seeds of the learner under test and of the two bootstraps. */
const SEED = 1;

/**
 * Would the learned ranking have done better than what was done, and than simple rules? Replays the log from its start, or from where its
 * latest `max_executions` begin (of what came before, only registrations are known then), and judges every contender before it learns.
 * Nothing is written; the same log gives the same answer. Lets other requests in after each call replayed.
 * @throws UserError when cancelled
 */
export async function evaluatePolicy(
  engine: Engine,
  input: EvaluatePolicyInput = {},
  { progress, signal }: EvaluationProgress = {},
): Promise<Evaluation> {
  const { hyperparameters, domain_keywords } = engine.settings;
  const validation = new ProgressiveValidation(allContenders({ hyperparameters, domain_keywords, seed: SEED }));
  const window = await openWindow(engine, validation, input.max_executions ?? DEFAULT_EXECUTIONS);
  let done = 0;
  for await (const page of pages(engine, window)) {
    for (const { event, draw } of page) {
      validation.observe(event, draw);
      if (event.kind !== 'execution') continue;
      done += 1;
      await setImmediate();
      refuseIfAborted(signal);
    }
    await progress?.(done, window.executions, `${done} of ${window.executions} calls replayed`);
  }
  return await judge(validation, window, signal);
}

/** Tells the contenders which tools were registered before the window begins. */
async function openWindow(engine: Engine, validation: ProgressiveValidation, count: number): Promise<LogWindow> {
  return await engine.read(async (trx) => {
    const window = await latestWindow(trx, count);
    if (window.position === 0) return window;
    for (const { tool, description, input_schema } of await registrationsUpTo(trx, window.position)) {
      validation.observe({
        kind: 'registration',
        tool,
        description,
        input_schema: input_schema === null ? null : JSON.parse(input_schema),
      });
    }
    return window;
  });
}

interface Entry {
  readonly event: LogEvent;
  readonly draw: Draw | null;
}

/** The events of the window, each page read in a transaction of its own; what is recorded meanwhile is left out. */
async function* pages(engine: Engine, window: LogWindow): AsyncGenerator<readonly Entry[]> {
  const names = new ToolNames();
  let position = window.position;
  while (position < window.last_position) {
    const page = await engine.read(async (trx) => {
      const events = await eventsAfter(trx, position, PAGE, names);
      const draws = await choicesBetween(trx, position, events.at(-1)?.position ?? position);
      return { events, draws: new Map(draws.map((draw) => [draw.position, draw])) };
    });
    const events = page.events.filter((entry) => entry.position <= window.last_position);
    position = events.at(-1)?.position ?? window.last_position;
    yield events.map((entry) => ({ event: entry.event, draw: page.draws.get(entry.position) ?? null }));
  }
}

async function judge(validation: ProgressiveValidation, { executions }: LogWindow, signal: AbortSignal | undefined): Promise<Evaluation> {
  const names = validation.contenders.map((contender) => contender.name);
  const ranking = new RankingTable(validation.judged(), names, SEED);
  await resample(ranking.bootstrap, signal);
  const { decisions, sessions, repeats } = ranking;
  const rows = ranking.rows();
  const off_policy = await judgeDraws(validation, names, signal);
  return {
    executions,
    decisions,
    sessions,
    repeat_share: decisions === 0 ? null : repeats / decisions,
    ranking: rows,
    off_policy,
    verdict: verdict({ decisions, sessions, rows }, off_policy === null ? null : { ...off_policy, rows: off_policy.estimates }),
  };
}

async function judgeDraws(
  validation: ProgressiveValidation,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Evaluation['off_policy']> {
  const values = new ValueTable(validation.draws(), names, SEED);
  if (values.draws === 0) return null;
  await resample(values.bootstrap, signal);
  const { draws, sessions } = values;
  return { draws, sessions, as_logged: values.asLogged(), estimates: values.rows() };
}

async function resample(bootstrap: ClusterBootstrap, signal: AbortSignal | undefined): Promise<void> {
  for (let drawn = 0; drawn < RESAMPLES; drawn += RESAMPLES_A_TURN) {
    bootstrap.resample(RESAMPLES_A_TURN);
    await setImmediate();
    refuseIfAborted(signal);
  }
}

function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new UserError('the evaluation was cancelled; nothing was changed');
}
