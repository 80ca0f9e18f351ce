import { contextId } from '../core/context.ts';
import { dayOf, firstKeyOf, repeatWeight } from '../core/repeats.ts';
import { replayPriority } from '../core/replay.ts';
import { computeReward, type RewardComponents } from '../core/reward.ts';
import { ratio } from '../core/statistics.ts';
import { UserError } from '../errors.ts';
import type { Trx } from '../store/database.ts';
import { findExecution, insertExecution, type NamedExecution } from '../store/executions.ts';
import { increment } from '../store/learner.ts';
import { dropUpdatesBefore, noteSession } from '../store/session-updates.ts';
import { advanceSession } from '../store/sessions.ts';
import { addToTotals, findToolsByName } from '../store/tools.ts';
import { rememberTransition } from '../store/transitions.ts';
import { type AdviceRule, type JoinedAdvice, joinAdvice } from './advice.ts';
import type { Engine } from './engine.ts';
import { keptExecution } from './kept-texts.ts';
import { learnFrom, takeStep } from './learning-step.ts';
import { replayOnce } from './replay.ts';
import { ensureRequest, ensureSession } from './requests.ts';

export interface RecordExecutionInput {
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly execution_time_ms?: number | undefined;
  readonly query?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  readonly result?: string | undefined;
  readonly error_message?: string | undefined;
  readonly user_rating?: number | undefined;
  readonly available_tools?: readonly string[] | undefined;
  readonly is_terminal?: boolean | undefined;
  readonly recommendation_id?: string | undefined;
  readonly execution_id?: string | undefined;
  /** Default: own. */
  readonly advice_rule?: AdviceRule | undefined;
}

export interface RecordExecutionOutput {
  readonly execution_id: string;
  /** true: this execution_id was recorded before; the answer is the stored one and nothing was written. */
  readonly duplicate: boolean;
  readonly reward: number;
  readonly reward_components: RewardComponents;
  readonly td_error: number;
  readonly q_value: number;
  readonly visit_count: number;
  readonly context_hash: string;
  readonly next_context_hash: string | null;
  readonly recommendation: JoinedAdvice | null;
}

/** Counts of earlier days that are dropped at once; ten calls leave at most 50. */
const UPDATES_DROPPED = 200;

/**
 * Records one call of a tool and learns from it: reward, Q-value, mean rewards of the coarser contexts, replay, totals.
 * The same execution_id again changes nothing and gets the stored answer.
 */
export async function recordExecution(engine: Engine, told: RecordExecutionInput): Promise<RecordExecutionOutput> {
  const input = keptExecution(told, engine.settings.recorded_text);
  return await engine.write(async (trx) => {
    const known = input.execution_id === undefined ? undefined : await findExecution(trx, input.execution_id);
    return known === undefined ? await record(engine, trx, input) : storedAnswer(engine, input, known);
  });
}

async function record(engine: Engine, trx: Trx, input: RecordExecutionInput): Promise<RecordExecutionOutput> {
  const at_ms = engine.clock();
  const { update_count: seq, log_position } = await increment(trx, 'update_count', 'log_position');
  const session = await ensureSession(trx, input.session_id, at_ms);
  const request_id = await ensureRequest(trx, session, input.query, at_ms);
  const [tool_id = 0] = await engine.catalogue.ids(trx, [input.tool_name]);
  const call = await judge(engine, trx, input);
  const step = await takeStep(engine, trx, input, session);
  const learned = await learnFrom(engine, trx, {
    step,
    session_id: session.session_id,
    tool_id,
    reward: call.reward,
    success: input.success,
    user_rating: input.user_rating ?? null,
    at_ms,
  });
  const { recommendation_id, advice_rule } = input;
  const advice = await joinAdvice(trx, { recommendation_id, session_id: session.session_id, tool_id, seq, advice_rule });
  const execution_id = input.execution_id ?? engine.newId();
  await insertExecution(trx, {
    seq,
    log_position,
    execution_id,
    session_id: session.session_id,
    step: session.step_count,
    tool_id,
    success: Number(input.success),
    execution_time_ms: input.execution_time_ms ?? null,
    average_time_ms: call.average_time_ms,
    user_rating: input.user_rating ?? null,
    request_id,
    list_id: step.list_id,
    arguments: input.arguments === undefined ? null : JSON.stringify(input.arguments),
    result: input.result ?? null,
    error_message: input.error_message ?? null,
    context_id: contextId(step.hashes.exact),
    next_context_id: step.next_hash === null ? null : contextId(step.next_hash),
    ...learned.visits,
    reward: call.reward,
    td_error: learned.td_error,
    q_value: learned.q_value,
    recommendation_id: advice?.recommendation_id ?? null,
    recommended_rank: advice?.rank ?? null,
    created_at_ms: at_ms,
    settings_id: await engine.learned_with.id(trx),
    ...learned.repeats,
  });
  const { session_id } = session;
  const { td_error, repeats } = learned;
  await advance(engine, trx, input, { seq, session_id, tool_id, td_error, tool_repeats: repeats.tool_repeats, at_ms });
  return {
    execution_id,
    duplicate: false,
    reward: call.reward,
    reward_components: call.components,
    td_error: learned.td_error,
    q_value: learned.q_value,
    visit_count: learned.visits.visit_count,
    context_hash: step.hashes.exact,
    next_context_hash: step.next_hash,
    recommendation: advice,
  };
}

/** The reward of the call; the tool's average time is that of the calls before it. */
async function judge(engine: Engine, trx: Trx, input: RecordExecutionInput) {
  const [tool] = await findToolsByName(trx, [input.tool_name]);
  const average_time_ms = ratio(tool?.total_time_ms, tool?.timed_calls);
  const call = {
    success: input.success,
    user_rating: input.user_rating ?? null,
    execution_time_ms: input.execution_time_ms ?? null,
    average_time_ms,
  };
  return { average_time_ms, ...computeReward(call, engine.settings.hyperparameters) };
}

async function advance(
  engine: Engine,
  trx: Trx,
  input: RecordExecutionInput,
  done: {
    readonly seq: number;
    readonly session_id: number;
    readonly tool_id: number;
    readonly td_error: number;
    readonly tool_repeats: number;
    readonly at_ms: number;
  },
): Promise<void> {
  const { success, execution_time_ms = null, user_rating = null } = input;
  const { replay_capacity, replay_interval } = engine.settings.hyperparameters;
  const { tool_id, tool_repeats, at_ms } = done;
  // What the session has taught of the tool today already, it was noted for.
  const is_new_session = tool_repeats === 0 && (await noteSession(trx, tool_id, done.session_id));
  const weight = repeatWeight(tool_repeats);
  await addToTotals(trx, { tool_id, success, execution_time_ms, user_rating, at_ms, weight, is_new_session });
  await advanceSession(trx, done.session_id, done.tool_id, done.at_ms);
  await rememberTransition(trx, { seq: done.seq, priority: replayPriority(done.td_error) }, replay_capacity);
  if (done.seq % replay_interval !== 0) return;
  await replayOnce(engine, trx, { asked_for: false });
  await dropUpdatesBefore(trx, firstKeyOf(dayOf(at_ms)), UPDATES_DROPPED);
}

function storedAnswer(engine: Engine, input: RecordExecutionInput, stored: NamedExecution): RecordExecutionOutput {
  const isSame =
    stored.tool_name === input.tool_name && stored.session_name === input.session_id && (stored.success === 1) === input.success;
  if (!isSame) {
    throw new UserError(
      `execution_id "${stored.execution_id}" already names a ${stored.success === 1 ? 'successful' : 'failed'} call of ${stored.tool_name}${stored.session_name === input.session_id ? '' : ' in another session'}; give each call its own id`,
    );
  }
  const judged = computeReward({ ...stored, success: stored.success === 1 }, engine.settings.hyperparameters);
  const { recommendation_id, recommended_rank: rank } = stored;
  return {
    execution_id: stored.execution_id,
    duplicate: true,
    reward: stored.reward,
    reward_components: judged.components,
    td_error: stored.td_error,
    q_value: stored.q_value,
    visit_count: stored.visit_count,
    context_hash: stored.context_hash,
    next_context_hash: stored.next_context_hash,
    recommendation: recommendation_id === null ? null : { recommendation_id, rank, followed: rank === 1 },
  };
}
