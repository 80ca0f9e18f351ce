import { contextId } from '../core/context.ts';
import { remainingInMean, remainingInValue, repeatWeight } from '../core/repeats.ts';
import { replayPriority } from '../core/replay.ts';
import { computeReward } from '../core/reward.ts';
import { UserError } from '../errors.ts';
import { actionValuesIn, shiftValues } from '../store/action-values.ts';
import type { Trx } from '../store/database.ts';
import { findExecution, type NamedExecution, rateExecution, toolBefore } from '../store/executions.ts';
import { insertFeedback } from '../store/feedback.ts';
import { increment } from '../store/learner.ts';
import { replaceRating } from '../store/tools.ts';
import { setPriorities } from '../store/transitions.ts';
import type { Engine } from './engine.ts';
import { keptWords } from './kept-texts.ts';
import { hashesOf } from './situation.ts';

export interface SubmitFeedbackInput {
  readonly execution_id: string;
  /** 1 (bad) to 5 (good). */
  readonly rating: number;
  readonly feedback?: string | undefined;
}

export interface SubmitFeedbackOutput {
  readonly execution_id: string;
  readonly rating: number;
  readonly reward_before: number;
  readonly reward_after: number;
  readonly q_value_before: number;
  readonly q_value_after: number;
}

/**
 * A user's rating of a recorded call. It revises the call's reward, and every value that learned from it by the weight the call
 * still has there: as if the rating had come with the call. A second rating replaces the first.
 * @throws UserError when the execution is unknown
 */
export async function submitFeedback(engine: Engine, told: SubmitFeedbackInput): Promise<SubmitFeedbackOutput> {
  const input = { ...told, feedback: keptWords(told.feedback, engine.settings.recorded_text) };
  return await engine.write(async (trx) => {
    const execution = await findExecution(trx, input.execution_id);
    if (execution === undefined) {
      throw new UserError(`execution_id "${input.execution_id}" is unknown; pass the id that record_execution answered`);
    }
    const rated = { ...execution, success: execution.success === 1, user_rating: input.rating };
    const { reward } = computeReward(rated, engine.settings.hyperparameters);
    if (execution.user_rating === input.rating && input.feedback === undefined) return await unchanged(trx, execution, input.rating);
    const { log_position } = await increment(trx, 'log_position');
    await insertFeedback(trx, {
      log_position,
      execution_seq: execution.seq,
      rating: input.rating,
      rating_before: execution.user_rating,
      words: input.feedback ?? null,
      reward_before: execution.reward,
      reward_after: reward,
      created_at_ms: engine.clock(),
      settings_id: await engine.learned_with.id(trx),
    });
    await rateExecution(trx, { seq: execution.seq, user_rating: input.rating, reward });
    const weight = repeatWeight(execution.tool_repeats ?? 0);
    await replaceRating(trx, { tool_id: execution.tool_id, weight }, execution.user_rating, input.rating);
    const shift = await reviseValues(engine, trx, execution, reward - execution.reward);
    return {
      execution_id: execution.execution_id,
      rating: input.rating,
      reward_before: execution.reward,
      reward_after: reward,
      q_value_before: shift.q_value_before,
      q_value_after: shift.q_value_after,
    };
  });
}

/** The same rating again: nothing is written. */
async function unchanged(trx: Trx, execution: NamedExecution, rating: number): Promise<SubmitFeedbackOutput> {
  const { execution_id, reward, context_id, tool_id } = execution;
  const q_value = (await actionValuesIn(trx, [context_id])).find((row) => row.tool_id === tool_id)?.q_value ?? 0;
  return { execution_id, rating, reward_before: reward, reward_after: reward, q_value_before: q_value, q_value_after: q_value };
}

/** Adds to each of the call's values the difference in reward times the weight that the call still has in it. */
async function reviseValues(engine: Engine, trx: Trx, execution: NamedExecution, difference: number) {
  const { learning_rate, coarse_learning_rate } = engine.settings.hyperparameters;
  const { tool_id, context_id } = execution;
  const coarse = await coarseContexts(engine, trx, execution);
  const rows = await actionValuesIn(trx, [context_id, ...coarse.map((context) => context.context_id)]);
  const visitOf = (id: number, visit: number, repeats: number | null) => {
    const { visit_count: visits = 0, weight = 0 } = rows.find((row) => row.context_id === id && row.tool_id === tool_id) ?? {};
    return { repeats: repeats ?? 0, visit, visits, weight };
  };
  const shifts = coarse.map(({ context_id: id, visit, repeats }) => ({
    context_id: id,
    tool_id,
    shift: difference * remainingInMean(visitOf(id, visit, repeats), coarse_learning_rate),
  }));
  const of_exact = visitOf(context_id, execution.visit_count, execution.exact_repeats);
  const exact = difference * remainingInValue(of_exact, learning_rate);
  await shiftValues(trx, [{ context_id, tool_id, shift: exact }, ...shifts], engine.clock());
  if (difference !== 0) await setPriorities(trx, [{ seq: execution.seq, priority: replayPriority(difference) }]);
  const q_value_before = rows.find((row) => row.context_id === context_id && row.tool_id === tool_id)?.q_value ?? 0;
  return { q_value_before, q_value_after: q_value_before + exact };
}

/** The coarser contexts the call was made in, each with its visit number there. */
async function coarseContexts(engine: Engine, trx: Trx, execution: NamedExecution) {
  const previous_tool = await toolBefore(trx, execution);
  const hashes = hashesOf(engine, { query: execution.query ?? '', previous_tool, session_length: execution.step });
  const request = { context_id: contextId(hashes.request), visit: execution.request_visit_count, repeats: execution.request_repeats };
  // Retention removed the call before: what it was made after is not known any more.
  if (previous_tool === null && execution.step > 0) return [request];
  return [
    { context_id: contextId(hashes.step), visit: execution.step_visit_count, repeats: execution.step_repeats },
    request,
    { context_id: contextId(hashes.previous), visit: execution.previous_visit_count, repeats: execution.previous_repeats },
  ];
}
