import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { replayOnce } from './replay.ts';

export interface TrainInput {
  readonly batches?: number | undefined;
  readonly batch_size?: number | undefined;
}

export interface TrainOutput {
  readonly batches: number;
  readonly transitions: number;
  /** Mean over the batches; null: none could run. */
  readonly avg_td_error: number | null;
}

export interface TrainProgress {
  readonly progress?: ((done: number, total: number, message: string) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_BATCHES = 10;

/** Runs replay batches now, each in its own transaction; stops early when told to or when too little is remembered. */
export async function train(engine: Engine, input: TrainInput, { progress, signal }: TrainProgress = {}): Promise<TrainOutput> {
  const total = input.batches ?? DEFAULT_BATCHES;
  let [batches, transitions, errors] = [0, 0, 0];
  while (batches < total && signal?.aborted !== true) {
    const batch = await engine.write((trx) => replayOnce(engine, trx, { batch_size: input.batch_size, asked_for: true }));
    if (batch === null) break;
    batches += 1;
    transitions += batch.transitions;
    errors += batch.avg_td_error;
    await nextTurn(); // for signals and other requests
    await progress?.(batches, total, `batch ${batches} of ${total}, mean TD error ${batch.avg_td_error.toFixed(3)}`);
  }
  return { batches, transitions, avg_td_error: batches === 0 ? null : errors / batches };
}
