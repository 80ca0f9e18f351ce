import { CONTEXT_LEVELS, contextId, type State } from '../core/context.ts';
import { tdError, tdTarget } from '../core/q-learning.ts';
import { replayPriority } from '../core/replay.ts';
import { greatestValue } from '../core/replay-batch.ts';
import { computeReward, type RewardComponents } from '../core/reward.ts';
import { UserError } from '../errors.ts';
import { type ActionValue, actionValuesIn, learnMeans, learnValue } from '../store/action-values.ts';
import { ensureContexts } from '../store/contexts.ts';
import type { Trx } from '../store/database.ts';
import { findExecution, insertExecution, type NamedExecution } from '../store/executions.ts';
import { increment } from '../store/learner.ts';
import { advanceSession, type SessionCursor } from '../store/sessions.ts';
import { addToTotals, countTools, findToolsByName } from '../store/tools.ts';
import { rememberTransition } from '../store/transitions.ts';
import { type JoinedAdvice, joinAdvice } from './advice.ts';
import type { Engine } from './engine.ts';
import { ratio } from './recommend-tools.ts';
import { replayOnce } from './replay.ts';
import { ensureRequest, ensureSession } from './requests.ts';
import { type ContextHashes, hashesOf, stateOf } from './situation.ts';

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

/** Longest text of a result or an error that is kept, characters. */
const KEPT_TEXT = 2000;

/**
 * Records one call of a tool and learns from it: reward, Q-value, mean rewards of the coarser contexts, replay, totals.
 * The same execution_id again changes nothing and gets the stored answer.
 */
export async function recordExecution(engine: Engine, input: RecordExecutionInput): Promise<RecordExecutionOutput> {
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
  const learned = await learn(engine, trx, { step, tool_id, reward: call.reward, success: input.success, at_ms });
  const advice = await joinAdvice(trx, { recommendation_id: input.recommendation_id, session_id: session.session_id, tool_id, seq });
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
    result: input.result?.slice(0, KEPT_TEXT) ?? null,
    error_message: input.error_message?.slice(0, KEPT_TEXT) ?? null,
    context_id: contextId(step.hashes.exact),
    next_context_id: step.next_hash === null ? null : contextId(step.next_hash),
    ...learned.visits,
    reward: call.reward,
    td_error: learned.td_error,
    q_value: learned.q_value,
    recommendation_id: advice?.recommendation_id ?? null,
    recommended_rank: advice?.rank ?? null,
    created_at_ms: at_ms,
  });
  await advance(engine, trx, input, { seq, session_id: session.session_id, tool_id, td_error: learned.td_error, at_ms });
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

interface Step {
  readonly hashes: ContextHashes;
  readonly next_hash: string | null;
  readonly list_id: number | null;
  readonly next_tool_ids: readonly number[] | null;
}

/** The state the call was made in and the one it leads to, each with its rows. */
async function takeStep(engine: Engine, trx: Trx, input: RecordExecutionInput, session: SessionCursor): Promise<Step> {
  const state = stateOf({ query: input.query }, session);
  const next: State = { query: state.query, previous_tool: input.tool_name, session_length: state.session_length + 1 };
  const hashes = hashesOf(engine, state);
  const next_hash = input.is_terminal === true ? null : hashesOf(engine, next).exact;
  const here = CONTEXT_LEVELS.map((level) => ({ context_id: contextId(hashes[level]), context_hash: hashes[level], level }));
  const ahead = next_hash === null ? [] : [{ context_id: contextId(next_hash), context_hash: next_hash, level: 'exact' as const }];
  await ensureContexts(trx, [...here, ...ahead]);
  const tools = input.available_tools;
  return {
    hashes,
    next_hash,
    list_id: tools === undefined ? null : await engine.catalogue.listId(trx, tools),
    next_tool_ids: tools === undefined ? null : await engine.catalogue.ids(trx, tools),
  };
}

async function learn(
  engine: Engine,
  trx: Trx,
  update: { readonly step: Step; readonly tool_id: number; readonly reward: number; readonly success: boolean; readonly at_ms: number },
) {
  const { step, tool_id, reward, at_ms } = update;
  const { learning_rate: alpha, discount_factor, coarse_learning_rate: floor } = engine.settings.hyperparameters;
  const success = update.success ? 1 : 0;
  const context_id = contextId(step.hashes.exact);
  const next_context_id = step.next_hash === null ? null : contextId(step.next_hash);
  const rows = await actionValuesIn(trx, next_context_id === null ? [context_id] : [context_id, next_context_id]);
  const q_before = rows.find((row) => row.context_id === context_id && row.tool_id === tool_id)?.q_value ?? 0;
  const target = tdTarget({ reward, next_value: await nextValue(trx, step, next_context_id, rows), discount_factor });
  const { q_value, visit_count } = await learnValue(trx, { context_id, tool_id, target, alpha, success, success_step: floor, at_ms });
  const coarse = { step: contextId(step.hashes.step), request: contextId(step.hashes.request), previous: contextId(step.hashes.previous) };
  const means = await learnMeans(trx, { context_ids: Object.values(coarse), tool_id, reward, success, floor, at_ms });
  const visits = {
    visit_count,
    step_visit_count: means.get(coarse.step) ?? 0,
    request_visit_count: means.get(coarse.request) ?? 0,
    previous_visit_count: means.get(coarse.previous) ?? 0,
  };
  return { td_error: tdError(target, q_before), q_value, visits };
}

async function nextValue(trx: Trx, step: Step, next_context_id: number | null, rows: readonly ActionValue[]): Promise<number> {
  const ahead = rows.filter((row) => row.context_id === next_context_id && row.visit_count > 0);
  if (ahead.length === 0) return 0;
  const tool_count = step.next_tool_ids === null ? await countTools(trx) : 0;
  return greatestValue(new Map(ahead.map((row) => [row.tool_id, row.q_value])), step.next_tool_ids, tool_count);
}

async function advance(
  engine: Engine,
  trx: Trx,
  input: RecordExecutionInput,
  done: { readonly seq: number; readonly session_id: number; readonly tool_id: number; readonly td_error: number; readonly at_ms: number },
): Promise<void> {
  const { success, execution_time_ms = null, user_rating = null } = input;
  const { replay_capacity, replay_interval } = engine.settings.hyperparameters;
  await addToTotals(trx, { tool_id: done.tool_id, success, execution_time_ms, user_rating, at_ms: done.at_ms });
  await advanceSession(trx, done.session_id, done.tool_id, done.at_ms);
  await rememberTransition(trx, { seq: done.seq, priority: replayPriority(done.td_error) }, replay_capacity);
  if (done.seq % replay_interval === 0) await replayOnce(engine, trx);
}

function storedAnswer(engine: Engine, input: RecordExecutionInput, stored: NamedExecution): RecordExecutionOutput {
  if (stored.tool_name !== input.tool_name || stored.session_name !== input.session_id) {
    throw new UserError(
      `execution_id "${stored.execution_id}" already names a call of ${stored.tool_name} in session "${stored.session_name}"; give each call its own id`,
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
