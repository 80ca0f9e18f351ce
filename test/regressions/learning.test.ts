import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { replayBatch } from '../../src/core/replay-batch.ts';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { getPolicy } from '../../src/engine/get-policy.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { nextToolBySequence } from '../../src/engine/next-tool-by-sequence.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { train } from '../../src/engine/train.ts';
import { testEngine } from '../helpers/engine.ts';

const call = { session_id: 's', tool_name: 'search', success: true, query: 'find the invoice' };

describe('faults 10–19 of the reference: learning', () => {
  test('fault 10: a terminal call never bootstraps from the state after it', async () => {
    const engine = await testEngine({ hyperparameters: { learning_rate: 1, discount_factor: 0.5 } });
    await recordExecution(engine, { ...call, session_id: 'first' });
    await recordExecution(engine, { ...call, session_id: 'first', tool_name: 'read' }); // gives the state after `search` a value
    const terminal = await recordExecution(engine, { ...call, session_id: 'second', is_terminal: true });
    const going_on = await recordExecution(engine, { ...call, session_id: 'third' });
    expect(terminal).toMatchObject({ q_value: 10, next_context_hash: null });
    expect(going_on.q_value).toBe(15);
  });

  test('fault 11: a late rating revises the reward and the value as if it had come with the call', async () => {
    const engine = await testEngine({ hyperparameters: { learning_rate: 0.1 } });
    const { execution_id } = await recordExecution(engine, call);
    const rated = await submitFeedback(engine, { execution_id, rating: 1 });
    expect(rated).toMatchObject({ reward_before: 10, reward_after: 6, q_value_before: 1 });
    expect(rated.q_value_after).toBeCloseTo(0.6, 12);
    expect((await getPolicy(engine, {})).policies[0]?.q_value).toBeCloseTo(0.6, 12);
    const again = await submitFeedback(engine, { execution_id, rating: 5 });
    expect(again.q_value_after).toBeCloseTo(1.4, 12);
  });

  test('fault 11: a rating before and a rating after the same later calls lead to the same value', async () => {
    const value = async (late: boolean) => {
      const engine = await testEngine();
      const { execution_id } = await recordExecution(engine, { ...call, session_id: 'a', ...(late ? {} : { user_rating: 5 }) });
      for (const session_id of ['b', 'c']) await recordExecution(engine, { ...call, session_id });
      if (late) await submitFeedback(engine, { execution_id, rating: 5 });
      return (await getPolicy(engine, {})).policies[0]?.q_value;
    };
    expect(await value(true)).toBeCloseTo((await value(false)) ?? Number.NaN, 12);
  });

  test('fault 12: replay gives its transitions new priorities, the TD errors it saw', async () => {
    const engine = await testEngine();
    for (let i = 0; i < 9; i++) await recordExecution(engine, { ...call, session_id: `s${i}`, is_terminal: true });
    const priorities = () => {
      const sqlite = new Sqlite(engine.file, { readonly: true });
      const rows = sqlite.prepare('SELECT priority FROM transitions ORDER BY seq').pluck().all();
      sqlite.close();
      return rows as number[];
    };
    const before = priorities();
    await train(engine, { batches: 1, batch_size: 9 });
    const after = priorities();
    expect(before[0]).toBeGreaterThan(9.9);
    expect(after[0]).toBeLessThan(1);
  });

  test('fault 14: visits are executions; replay adds none', async () => {
    const engine = await testEngine();
    for (let i = 0; i < 200; i++) await recordExecution(engine, { ...call, session_id: `s${i % 7}` });
    expect((await getLearningStats(engine, {})).replay.batches).toBeGreaterThan(10);
    const { policies } = await getPolicy(engine, { limit: 500 });
    expect(policies.reduce((sum, policy) => sum + policy.visit_count, 0)).toBe(200);
  });

  test('fault 15: a replayed transition bootstraps over the tools that were available to itself', () => {
    const values = new Map([
      [
        2,
        new Map([
          [20, 8],
          [30, 100],
        ]),
      ],
    ]);
    const transition = { context_id: 1, tool_id: 10, reward: 1, next_context_id: 2, next_tool_ids: [10, 20], weight: 1 };
    const result = replayBatch([transition], values, { learning_rate: 1, discount_factor: 0.5, tool_count: 3 });
    expect(result.shifts[0]?.shift).toBe(5);
  });

  test('fault 16: values stay finite and bounded whatever the number of calls', async () => {
    const engine = await testEngine({ hyperparameters: { discount_factor: 1, learning_rate: 1 } });
    for (let i = 0; i < 100; i++) await recordExecution(engine, { ...call, session_id: `s${i % 2}`, execution_time_ms: 86_400_000 });
    const { policies } = await getPolicy(engine, { limit: 500 });
    for (const { q_value, confidence } of policies) {
      expect(Number.isFinite(q_value)).toBe(true);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });

  test('fault 17: a failure teaches at once', async () => {
    const engine = await testEngine();
    const failed = await recordExecution(engine, { ...call, success: false, error_message: 'boom' });
    expect(failed).toMatchObject({ reward: -5, td_error: -5, q_value: -1.5 });
  });

  test('fault 18: ending a session twice logs one episode and counts once; the next call starts afresh', async () => {
    const engine = await testEngine();
    for (const tool_name of ['search', 'read']) await recordExecution(engine, { ...call, tool_name });
    const first = await logEpisode(engine, { session_id: 's', outcome: 'success' });
    const second = await logEpisode(engine, { session_id: 's', outcome: 'success' });
    expect(second).toEqual({ ...first, duplicate: true });
    const next = await recordExecution(engine, call);
    expect((await getPolicy(engine, { context_hash: next.context_hash })).policies[0]?.visit_count).toBe(2);
    await logEpisode(engine, { session_id: 's', outcome: 'success' });
    expect((await nextToolBySequence(engine, { recent_tools: ['search'] })).recommendations).toEqual([]);
  });

  test('fault 19: overlapping calls of a session keep the times that were measured for them', async () => {
    const engine = await testEngine();
    const [slow, fast] = await Promise.all([
      recordExecution(engine, { ...call, execution_time_ms: 200 }),
      recordExecution(engine, { ...call, execution_time_ms: 150 }),
    ]);
    expect(slow.reward_components.time).toBeCloseTo(-0.02, 12);
    expect(fast.reward_components.time).toBeCloseTo(-0.015, 12);
  });
});
