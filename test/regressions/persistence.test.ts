import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { getPolicy } from '../../src/engine/get-policy.ts';
import { getToolMetrics } from '../../src/engine/get-tool-metrics.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { nextToolBySequence } from '../../src/engine/next-tool-by-sequence.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { testEngine } from '../helpers/engine.ts';

async function recordMany(engine: Engine, count: number, call: Partial<Parameters<typeof recordExecution>[1]> = {}): Promise<void> {
  for (let i = 0; i < count; i++) {
    await recordExecution(engine, { session_id: `s${i}`, tool_name: 'search', success: true, query: 'find the invoice', ...call });
  }
}

describe('faults 1–9 of the reference: persistence, cache, concurrency', () => {
  test('fault 1: a process whose first call is terminal still knows all that was learned', async () => {
    const first = await testEngine();
    for (let i = 0; i < 20; i++) await recordMany(first, 1, { query: `task ${'abcdefghijklmnopqrst'[i]}` });
    const second = await testEngine({ file: first.file });
    await recordExecution(second, { session_id: 'x', tool_name: 'search', success: true, is_terminal: true, query: 'another task' });
    expect((await getPolicy(second, {})).policies).toHaveLength(21);
  });

  test('fault 2: what another connection learned counts at the next call', async () => {
    const one = await testEngine();
    const two = await testEngine({ file: one.file });
    await recordMany(one, 3);
    const ask = { query: 'find the invoice', available_tools: ['search', 'browse'] };
    expect((await recommendTools(one, ask)).recommendations[0]?.tool_name).toBe('search');
    await recordMany(two, 12, { success: false });
    expect((await recommendTools(one, ask)).recommendations[0]?.tool_name).toBe('browse');
  });

  test('fault 3: two writers on one row lose no visit and no call', async () => {
    const one = await testEngine();
    const two = await testEngine({ file: one.file });
    await Promise.all([recordMany(one, 150), recordMany(two, 150)]);
    const { policies } = await getPolicy(one, {});
    expect(policies.reduce((sum, policy) => sum + policy.visit_count, 0)).toBe(300);
    expect((await getToolMetrics(two, { tool_name: 'search' })).tools[0]?.total_calls).toBe(300);
  });

  test('fault 4: replay, update count, exploration rate and selections survive a restart', async () => {
    const first = await testEngine();
    await recordMany(first, 40);
    for (let i = 0; i < 5; i++) await selectTool(first, { available_tools: ['a', 'b'], query: 'q' });
    const before = await getLearningStats(first, {});
    expect(before.update_count).toBe(40);
    expect(before.replay).toMatchObject({ size: 40, batches: 1 });
    expect(before.exploration.total_selections).toBe(5);
    await first.close();
    expect(await getLearningStats(await testEngine({ file: first.file }), {})).toEqual(before);
  });

  test('fault 5: a metric is on disk and visible with the call that made it', async () => {
    const first = await testEngine();
    await recordMany(first, 3);
    expect((await getLearningStats(first, {})).metrics.reward?.count).toBe(3);
    const second = await testEngine({ file: first.file });
    expect((await getLearningStats(second, {})).metrics.td_error?.count).toBe(3);
  });

  test('fault 6: a call that cannot be stored fails by itself and the next ones are stored', async () => {
    const engine = await testEngine();
    const bad = recordExecution(engine, { session_id: 's', tool_name: 'search', success: true, execution_time_ms: -1 });
    await expect(bad).rejects.toThrow(/CHECK/);
    await recordMany(engine, 2);
    expect((await getLearningStats(engine, {})).metrics.reward?.count).toBe(2);
  });

  test('fault 7: an episode that cannot be counted is an error, and nothing of it is kept', async () => {
    const engine = await testEngine();
    const sqlite = new Sqlite(engine.file);
    sqlite.exec('ALTER TABLE ngrams RENAME TO elsewhere');
    await expect(logEpisode(engine, { session_id: 's', outcome: 'success', tool_sequence: ['a', 'b'] })).rejects.toThrow(/ngrams/);
    sqlite.exec('ALTER TABLE elsewhere RENAME TO ngrams');
    sqlite.close();
    expect((await logEpisode(engine, { session_id: 's', outcome: 'success', tool_sequence: ['a', 'b'] })).duplicate).toBe(false);
  });

  test('fault 8: each engine keeps its own database and settings', async () => {
    const slow = await testEngine({ hyperparameters: { learning_rate: 0.1 } });
    const fast = await testEngine({ hyperparameters: { learning_rate: 0.9 } });
    const call = { session_id: 's', tool_name: 'search', success: true };
    expect((await recordExecution(slow, call)).q_value).toBeCloseTo(1, 9);
    expect((await recordExecution(fast, call)).q_value).toBeCloseTo(9, 9);
  });

  test('fault 9: what was not told is NULL in the file, not the text null', async () => {
    const engine = await testEngine();
    await recordMany(engine, 1);
    const sqlite = new Sqlite(engine.file, { readonly: true });
    const row = sqlite.prepare('SELECT arguments, result, error_message FROM executions').get();
    sqlite.close();
    expect(row).toEqual({ arguments: null, result: null, error_message: null });
  });

  test('same log, same seed: same tables, also with a restart in between', async () => {
    const hyperparameters = { replay_capacity: 50, batch_size: 8 }; // so that the replay memory is full and has turned over
    const run = async (restart: boolean) => {
      const first = await testEngine({ hyperparameters });
      await recordMany(first, 60);
      if (restart) await first.close();
      const engine = restart ? await testEngine({ file: first.file, hyperparameters }) : first;
      await recordMany(engine, 60, { tool_name: 'browse', success: false });
      await logEpisode(engine, { session_id: 's', outcome: 'success', tool_sequence: ['a', 'b', 'c'] });
      const { policies } = await getPolicy(engine, {});
      const values = policies.map(({ tool_name, context_hash, q_value, visit_count }) => ({
        tool_name,
        context_hash,
        q_value,
        visit_count,
      }));
      return {
        values,
        next: await nextToolBySequence(engine, { recent_tools: ['a'] }),
        stats: (await getLearningStats(engine, {})).metrics,
      };
    };
    expect(await run(true)).toEqual(await run(false));
  });
});
