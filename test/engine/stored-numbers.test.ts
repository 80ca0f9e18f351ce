import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { train } from '../../src/engine/train.ts';
import { testEngine } from '../helpers/engine.ts';

const TOOLS = ['search', 'read', 'write', 'list', 'send'] as const;
const TOPICS = ['the balance of account 17', 'notes of "Monday"', 'invoices'] as const;
const SETTINGS = { hyperparameters: { replay_capacity: 60, batch_size: 16 } };

/** What learning leaves behind; rows in the order of their keys, which do not depend on the order of insertion. */
const QUERIES = {
  executions: `SELECT seq, step, average_time_ms, visit_count, step_visit_count, request_visit_count, previous_visit_count, reward,
    td_error, q_value, context_id, next_context_id, created_at_ms FROM executions ORDER BY seq`,
  action_values: 'SELECT context_id, tool_id, q_value, success_rate, visit_count FROM action_values ORDER BY context_id, tool_id',
  transitions: 'SELECT seq, priority FROM transitions ORDER BY seq',
  batches: 'SELECT batch, after_seq, size, avg_td_error FROM replay_batches ORDER BY batch',
  tools: 'SELECT tool_id, total_calls, success_count, timed_calls, total_time_ms, rated_calls, rating_sum FROM tools ORDER BY tool_id',
};

/** Calls with and without ratings, times, lists and ends, in sessions of six; the same contexts come back, so that batches repeat pairs. */
async function play(engine: Engine, first: number, last: number): Promise<void> {
  for (let i = first; i < last; i++) {
    const { execution_id } = await recordExecution(engine, {
      session_id: `session ${Math.floor(i / 6)}`,
      execution_id: `call ${i}`,
      tool_name: TOOLS[(i * i + 3) % 5] ?? 'search',
      success: i % 7 !== 0,
      query: `find ${TOPICS[Math.floor(i / 6) % 3]}`,
      execution_time_ms: i % 4 === 0 ? undefined : 0.1 + ((i * 37) % 900) / 7,
      user_rating: i % 9 === 0 ? 1 + (i % 5) : undefined,
      available_tools: i % 2 === 0 ? TOOLS : undefined,
      is_terminal: i % 6 === 5,
    });
    if (i % 10 === 3) await submitFeedback(engine, { execution_id, rating: 1 + (i % 5) });
    if (i % 6 === 5) await logEpisode(engine, { session_id: `session ${Math.floor(i / 6)}`, outcome: 'success' });
  }
}

/** SHA-256 over the bits of every number, each read as a double. */
function bitsOf(file: string): Record<string, string> {
  const sqlite = new Sqlite(file, { readonly: true });
  const digest = (query: string) => {
    const numbers = sqlite.prepare(query).raw().all().flat() as (number | null)[];
    const bits = Float64Array.from(numbers, (number) => number ?? Number.NaN);
    return createHash('sha256').update(new Uint8Array(bits.buffer)).digest('hex').slice(0, 16);
  };
  const digests = Object.fromEntries(Object.entries(QUERIES).map(([name, query]) => [name, digest(query)]));
  sqlite.close();
  return digests;
}

describe('the numbers stored', () => {
  test('are the same to the last bit as ever for the same log and seed', async () => {
    const engine = await testEngine(SETTINGS);
    await play(engine, 0, 120);
    await train(engine, { batches: 3 });
    // A change of these digests is a change of what is learned, or of its rounding: never a side effect of making something faster.
    expect(bitsOf(engine.file)).toEqual({
      executions: 'a95d0961e2e6ad57',
      action_values: '8ebce06f4747f6e6',
      transitions: 'fbda8d9e672c1dd3',
      batches: '3efa8d83f804429d',
      tools: '1c38ab54930283e3',
    });
  });
});
