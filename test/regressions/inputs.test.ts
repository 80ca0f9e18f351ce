import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/hyperparameters.ts';
import { computeReward, rewardBounds } from '../../src/core/reward.ts';
import { getHistory } from '../../src/engine/get-history.ts';
import { getToolMetrics } from '../../src/engine/get-tool-metrics.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { testEngine } from '../helpers/engine.ts';

const call = { session_id: 's', tool_name: 'search', success: true };
const judged = { success: true, user_rating: null, execution_time_ms: null, average_time_ms: null };

describe('faults 34–40 of the reference: history, inputs, reward', () => {
  test('fault 34: a filter by tool looks at every success, not at the best few', async () => {
    const engine = await testEngine();
    await logEpisode(engine, { session_id: 'rare', outcome: 'success', tool_sequence: ['rare', 'b'], episode_reward: 1 });
    for (let i = 0; i < 30; i++) {
      await logEpisode(engine, { session_id: `s${i}`, outcome: 'success', tool_sequence: ['a', 'b'], episode_reward: 10 });
    }
    const { items } = await getHistory(engine, { kind: 'successful_sequences', tool_name: 'rare', limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ session_id: 'rare', tool_sequence: ['rare', 'b'] });
  });

  test('fault 35: a call without a measured time counts like any other', async () => {
    const engine = await testEngine();
    await recordExecution(engine, call);
    await recordExecution(engine, { ...call, success: false });
    await recordExecution(engine, { ...call, execution_time_ms: 100 });
    const { tools } = await getToolMetrics(engine, { tool_name: 'search' });
    expect(tools[0]).toMatchObject({ total_calls: 3, success_count: 2, failure_count: 1, avg_execution_time_ms: 100 });
  });

  test('fault 36: whatever the arguments and the result are, the call is stored or refused, never lost in silence', async () => {
    const engine = await testEngine();
    const odd = { nested: [[[{ deep: null }]]], '': 0, text: 'a\u0000b', number: 1e308 };
    const { execution_id } = await recordExecution(engine, { ...call, arguments: odd, result: '\ud800 half a pair' });
    const { items } = await getHistory(engine, { kind: 'executions' });
    expect(items[0]).toMatchObject({ execution_id, untrusted: { arguments: JSON.stringify({ ...odd, text: 'ab' }) } });
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    await recordExecution(engine, { ...call, arguments: cyclic });
    const [latest] = (await getHistory(engine, { kind: 'executions' })).items;
    expect(latest).toMatchObject({ untrusted: { arguments: expect.stringMatching(/^(?:\{"self":){16}"\[cut\]"\}{16}$/) } });
  });

  test('fault 37: a rating of an unknown call is an error that says what to pass', async () => {
    const engine = await testEngine();
    await expect(submitFeedback(engine, { execution_id: 'nowhere', rating: 5 })).rejects.toThrow(/"nowhere" is unknown; pass the id/);
  });

  test('fault 38: rewards stay within their bounds, a fast failure earns nothing, and 0 ms is fast', () => {
    const { low, high } = rewardBounds(DEFAULTS);
    const hours = { ...judged, execution_time_ms: 5 * 3_600_000 };
    expect(computeReward(hours, DEFAULTS).reward).toBeGreaterThanOrEqual(low);
    expect(computeReward({ ...judged, user_rating: 5, execution_time_ms: 1, average_time_ms: 1000 }, DEFAULTS).reward).toBeLessThanOrEqual(
      high,
    );
    expect(computeReward({ ...judged, success: false, execution_time_ms: 1, average_time_ms: 1000 }, DEFAULTS).components.speed).toBe(0);
    expect(computeReward({ ...judged, execution_time_ms: 0, average_time_ms: 1000 }, DEFAULTS).components.speed).toBe(2);
  });

  test('fault 39: a call is judged against the average of the calls before it', async () => {
    const engine = await testEngine();
    await recordExecution(engine, { ...call, execution_time_ms: 1000 });
    expect((await recordExecution(engine, { ...call, execution_time_ms: 790 })).reward_components.speed).toBe(2);
    const other = { ...call, tool_name: 'browse' };
    await recordExecution(engine, { ...other, execution_time_ms: 895 });
    expect((await recordExecution(engine, { ...other, execution_time_ms: 660 })).reward_components.speed).toBe(2);
  });

  test('fault 40: an empty name asks for the tool with the empty name, not for all', async () => {
    const engine = await testEngine();
    await recordExecution(engine, call);
    expect((await getToolMetrics(engine, { tool_name: '' })).tools).toEqual([]);
  });
});
