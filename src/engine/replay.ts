import { seededUniform } from '../core/random.ts';
import { repeatWeight } from '../core/repeats.ts';
import { replayPriority, type Sampled } from '../core/replay.ts';
import { type ReplayTransition, replayBatch, type ValueTable } from '../core/replay-batch.ts';
import { type ActionValue, actionValuesIn, shiftValues } from '../store/action-values.ts';
import type { Trx } from '../store/database.ts';
import { executionsBySeq, type Replayable } from '../store/executions.ts';
import { increment } from '../store/learner.ts';
import { toolListsById } from '../store/tool-lists.ts';
import { countKnownTools } from '../store/tools.ts';
import { insertBatch, setPriorities } from '../store/transitions.ts';
import type { Engine } from './engine.ts';

/** Separates the random numbers of replay from those of selection. */
const REPLAY_STREAM = 2;

export interface ReplayedBatch {
  readonly transitions: number;
  readonly avg_td_error: number;
}

/** What caused a batch. */
export interface ReplayRequest {
  /** Transitions to draw; absent: the setting. */
  readonly batch_size?: number | undefined;
  /** true: `train` asked for it; false: it followed from an execution. */
  readonly asked_for: boolean;
}

/**
 * Draws one batch by priority, learns from it and stores the new priorities (Schaul et al. 2016).
 * @returns null when fewer transitions are remembered than a batch holds
 */
export async function replayOnce(
  engine: Engine,
  trx: Trx,
  { batch_size = engine.settings.hyperparameters.batch_size, asked_for }: ReplayRequest,
): Promise<ReplayedBatch | null> {
  const memory = await engine.replay.upToDate(trx);
  if (memory.length < batch_size) return null;
  const { batch_count: batch, update_count: after_seq, log_position } = await increment(trx, 'batch_count');
  const seed = await engine.replay.seed(trx, engine.seed);
  const drawn = memory.sample(batch_size, seededUniform(seed, REPLAY_STREAM, batch));
  const kept = await withExecutions(trx, drawn);
  const transitions = await transitionsOf(trx, kept);
  const { learning_rate, discount_factor } = engine.settings.hyperparameters;
  const tool_count = await countKnownTools(trx);
  const result = replayBatch(transitions, await valuesOf(trx, transitions), { learning_rate, discount_factor, tool_count });
  await shiftValues(trx, result.shifts, engine.clock());
  const seen = kept.map((draw, at) => ({ seq: draw.item, position: draw.position, priority: replayPriority(result.td_errors[at] ?? 0) }));
  await setPriorities(trx, seen);
  for (const { position, priority } of seen) memory.setPriority(position, priority);
  const learned = { size: kept.length, avg_td_error: result.avg_td_error, seqs: JSON.stringify(seen.map(({ seq }) => seq)) };
  await insertBatch(trx, {
    batch,
    after_seq,
    log_position,
    ...learned,
    settings_id: await engine.learned_with.id(trx),
    asked_for: Number(asked_for),
  });
  return { transitions: kept.length, avg_td_error: result.avg_td_error };
}

interface Drawn extends Sampled<number> {
  readonly execution: Replayable;
}

/** The drawn transitions whose executions are still in the log. */
async function withExecutions(trx: Trx, drawn: readonly Sampled<number>[]): Promise<Drawn[]> {
  const executions = await executionsBySeq(
    trx,
    drawn.map((draw) => draw.item),
  );
  return drawn.flatMap((draw) => {
    const execution = executions.get(draw.item);
    return execution === undefined ? [] : [{ ...draw, execution }];
  });
}

async function transitionsOf(trx: Trx, drawn: readonly Drawn[]): Promise<ReplayTransition[]> {
  const list_ids = [...new Set(drawn.flatMap(({ execution }) => execution.list_id ?? []))];
  const lists = await toolListsById(trx, list_ids);
  return drawn.map(({ execution, weight }) => ({
    context_id: execution.context_id,
    tool_id: execution.tool_id,
    reward: execution.reward,
    next_context_id: execution.next_context_id,
    next_tool_ids: execution.list_id === null ? null : (lists.get(execution.list_id) ?? null),
    weight: weight * repeatWeight(execution.exact_repeats ?? 0),
  }));
}

async function valuesOf(trx: Trx, transitions: readonly ReplayTransition[]): Promise<ValueTable> {
  const ids = new Set(transitions.flatMap((transition) => [transition.context_id, transition.next_context_id ?? transition.context_id]));
  return valueTable(await actionValuesIn(trx, [...ids]));
}

function valueTable(rows: readonly ActionValue[]): ValueTable {
  const values: ValueTable = new Map();
  for (const row of rows) {
    if (row.visit_count === 0) continue;
    const state = values.get(row.context_id) ?? new Map<number, number>();
    values.set(row.context_id, state.set(row.tool_id, row.q_value));
  }
  return values;
}
