import { expect } from 'vitest';
import type { Answers } from '../../helpers/answers.ts';
import { type Advice, contextName, type Execution, type JoinedAdvice, type Model, mean } from './model.ts';
import type { RecordArgs } from './steps.ts';
import type { Update } from './values.ts';

type Answer = Answers['record_execution'];

/** What a call must be answered, and what the model knows once it was. */
export interface Expected<Told> {
  /** To be matched; null: the call must be refused with an error that says `refused`. */
  readonly answer: object | null;
  readonly refused?: RegExp;
  apply(told: Told): void;
}

export const refusal = (refused: RegExp): Expected<never> => ({ answer: null, refused, apply: () => {} });

export function near(value: number | null): unknown {
  return value === null ? expect.any(Number) : expect.closeTo(value, 7);
}

interface Reward {
  readonly reward: number;
  readonly components: { readonly outcome: number; readonly rating: number; readonly time: number; readonly speed: number };
}

/** The reward of a call: outcome, rating, time, speed (docs/algorithms.md). */
export function rewardOf(call: Pick<Execution, 'success' | 'rating' | 'time_ms' | 'average_ms'>): Reward {
  const { success, rating, time_ms, average_ms } = call;
  const isFast = success && time_ms !== null && average_ms !== null && time_ms < 0.8 * average_ms;
  const components = {
    outcome: success ? 10 : -5,
    rating: rating === null ? 0 : 2 * (rating - 3),
    time: time_ms === null ? 0 : -Math.min(5, (0.1 * time_ms) / 1_000),
    speed: isFast ? 2 : 0,
  };
  return { components, reward: components.outcome + components.rating + components.time + components.speed };
}

/** @param named the advice the call says it answers @param maybe_twice it may have been recorded by a call whose answer was lost */
export function expectRecord(model: Model, args: RecordArgs, named: Advice | undefined, maybe_twice: boolean): Expected<Answer> {
  const session = model.session(args.session_id);
  if (named !== undefined && named.session !== null && named.session !== args.session_id) return refusal(/another session/);
  const call = judged(model, args);
  const advice = joined(named ?? latestAdvice(session.advice, args.tool_name), args.tool_name);
  const state = [args.query ?? session.query ?? '', session.steps.at(-1)?.tool ?? null, session.steps.length] as const;
  const update: Update = {
    context: contextName(...state),
    next_context: args.is_terminal === true ? null : contextName(state[0], args.tool_name, state[2] + 1),
    tool: args.tool_name,
    session: args.session_id,
    reward: call.reward,
    available: args.available_tools ?? model.known(),
  };
  const foretold = model.values.foretell(update);
  const answer = {
    execution_id: args.execution_id ?? expect.stringMatching(/./),
    ...(maybe_twice ? {} : { duplicate: false }),
    reward: near(call.reward),
    reward_components: nearEach(rewardOf(call).components),
    visit_count: foretold.visit_count,
    td_error: near(foretold.td_error),
    q_value: near(foretold.q_value),
    context_hash: model.hashOf(update.context),
    next_context_hash: update.next_context === null ? null : model.hashOf(update.next_context),
    recommendation: advice,
  };
  return { answer, apply: (told) => apply(model, { args, call: { ...call, advice }, update }, told) };
}

function nearEach(parts: object): object {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, near(Number(value))]));
}

/** The call with its reward; the average is that of the tool's calls before it. */
function judged(model: Model, args: RecordArgs) {
  const { session_id, tool_name, success } = args;
  const call = {
    session: session_id,
    tool: tool_name,
    success,
    time_ms: args.execution_time_ms ?? null,
    average_ms: mean(model.totals(tool_name).times),
    rating: args.user_rating ?? null,
    query: args.query ?? model.session(session_id).query,
    arguments: args.arguments ?? null,
    words: null,
  };
  return { ...call, reward: rewardOf(call).reward };
}

/** Without an id: the session's latest advice, if it ranked the tool and nothing answered it. */
function latestAdvice(latest: Advice | null, tool: string): Advice | undefined {
  return latest !== null && latest.answer === null && latest.tools.includes(tool) ? latest : undefined;
}

function joined(advice: Advice | undefined, tool: string): JoinedAdvice | null {
  if (advice === undefined) return null;
  const at = advice.tools.indexOf(tool);
  return { recommendation_id: advice.recommendation_id, rank: at < 0 ? null : at + 1, followed: at === 0 };
}

interface Made {
  readonly args: RecordArgs;
  readonly call: Omit<Execution, 'execution_id' | 'td_error' | 'q_value' | 'visit_count' | 'context' | 'next_context'>;
  readonly update: Update;
}

function apply(model: Model, { args, call, update }: Made, told: Answer): void {
  expect(
    model.executions.map(({ execution_id }) => execution_id),
    'an id was given twice',
  ).not.toContain(told.execution_id);
  model.learnHash(update.context, told.context_hash);
  if (update.next_context !== null && told.next_context_hash !== null) model.learnHash(update.next_context, told.next_context_hash);
  model.values.learn(update, told);
  const { execution_id, td_error, q_value, visit_count } = told;
  const { context, next_context } = update;
  const execution: Execution = { ...call, execution_id, td_error, q_value, visit_count, context, next_context };
  const advice = model.advice.find(({ recommendation_id }) => recommendation_id === call.advice?.recommendation_id);
  if (advice !== undefined) advice.answer ??= execution;
  model.addExecution(execution, args);
}
