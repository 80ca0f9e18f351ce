import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { describeTool, listTools, strongestSequences, toolNames } from '../../src/engine/browse.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { resetExploration } from '../../src/engine/reset-exploration.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { suggestParametersFor } from '../../src/engine/suggest-parameters.ts';
import { train } from '../../src/engine/train.ts';
import { registrationsOf } from '../../src/store/registrations.ts';
import { findToolsByName } from '../../src/store/tools.ts';
import { temporaryFolder, testEngine } from '../helpers/engine.ts';

const call = { session_id: 's', tool_name: 'search', success: true };

/** What is remembered of a tool's description; no answer shows it. */
async function descriptionOf(engine: Engine, name: string): Promise<string | null> {
  return await engine.read(async (trx) => {
    const [tool] = await findToolsByName(trx, [name]);
    return (await registrationsOf(trx, [tool?.tool_id ?? 0])).get(tool?.tool_id ?? 0)?.description ?? null;
  });
}

describe('registered tools', () => {
  test('are counted as new or updated, and the latest description counts', async () => {
    const engine = await testEngine();
    const tools = [{ name: 'a', description: 'first' }, { name: 'b' }];
    expect(await registerTools(engine, { tools })).toEqual({ registered: 2, updated: 0, total: 2 });
    expect(await registerTools(engine, { tools: [{ name: 'a', description: 'second' }, { name: 'c' }] })).toEqual({
      registered: 1,
      updated: 1,
      total: 3,
    });
    expect(await descriptionOf(engine, 'a')).toBe('second');
    expect((await listTools(engine)).map((tool) => tool.tool_name)).toEqual(['a', 'b', 'c']);
    expect(await toolNames(engine, 'b', 5)).toEqual(['b']);
  });

  test('a registration that leaves something out keeps it', async () => {
    const engine = await testEngine();
    await registerTools(engine, { tools: [{ name: 'a', description: 'first' }] });
    await registerTools(engine, { tools: [{ name: 'a', input_schema: { type: 'object' } }] });
    expect(await descriptionOf(engine, 'a')).toBe('first');
  });

  test('a tool that only stood in a list is not offered', async () => {
    const engine = await testEngine();
    await recommendTools(engine, { available_tools: ['ghost'] });
    expect((await recommendTools(engine, {})).recommendations).toEqual([]);
  });
});

describe('training', () => {
  test('runs batches with progress and stops at a cancellation', async () => {
    const engine = await testEngine();
    for (let i = 0; i < 8; i++) await recordExecution(engine, call);
    const seen: number[] = [];
    const stop = new AbortController();
    const progress = async (done: number) => {
      seen.push(done);
      if (done === 3) stop.abort();
    };
    const result = await train(engine, { batches: 50, batch_size: 4 }, { progress, signal: stop.signal });
    expect(seen).toEqual([1, 2, 3]);
    expect(result).toMatchObject({ batches: 3, transitions: 12 });
    expect((await getLearningStats(engine)).metrics.batch_avg_td_error?.count).toBe(3);
  });

  test('with too little remembered does nothing and says so', async () => {
    const engine = await testEngine();
    expect(await train(engine, {})).toEqual({ batches: 0, transitions: 0, avg_td_error: null });
  });
});

describe('exploration', () => {
  test('decays with each draw and starts anew after a reset', async () => {
    const engine = await testEngine({ hyperparameters: { exploration_rate: 0.5, exploration_decay: 0.5, min_exploration_rate: 0.1 } });
    const rates: number[] = [];
    for (let i = 0; i < 4; i++) rates.push((await selectTool(engine, { available_tools: ['a', 'b'] })).exploration_rate);
    expect(rates).toEqual([0.5, 0.25, 0.125, 0.1]);
    expect(await resetExploration(engine)).toEqual({ exploration_rate: 0.5 });
    expect((await getLearningStats(engine)).exploration).toMatchObject({ current_rate: 0.5, total_selections: 4 });
  });
});

describe('a read-only engine', () => {
  test('recommends and stores nothing, and refuses to record', async () => {
    const engine = await testEngine();
    await recordExecution(engine, call);
    const reader = await testEngine({ file: engine.file, settings: { read_only: true } });
    expect((await recommendTools(reader, { available_tools: ['search', 'new'] })).recommendations).toHaveLength(2);
    await expect(recordExecution(reader, call)).rejects.toThrow(/--read-only: nothing is recorded/);
    expect((await getLearningStats(engine)).recommendations.made).toBe(0);
  });
});

describe('a read-only engine and the file', () => {
  test('a file that does not exist or is empty is not made: nothing has been learned', async () => {
    const folder = temporaryFolder();
    const missing = join(folder, 'missing.db');
    const empty = join(folder, 'empty.db');
    writeFileSync(empty, '');
    for (const file of [missing, empty]) {
      const reader = await testEngine({ file, settings: { read_only: true } });
      expect((await getLearningStats(reader)).update_count).toBe(0);
    }
    expect(readdirSync(folder)).toEqual(['empty.db']);
    expect(statSync(empty).size).toBe(0);
  });
});

describe('ratings', () => {
  test('the same rating again writes nothing and keeps the priority of the first', async () => {
    const engine = await testEngine();
    const { execution_id } = await recordExecution(engine, call);
    const first = await submitFeedback(engine, { execution_id, rating: 5 });
    const again = await submitFeedback(engine, { execution_id, rating: 5 });
    expect(again).toEqual({ ...first, reward_before: first.reward_after, q_value_before: first.q_value_after });
    const sqlite = new Sqlite(engine.file, { readonly: true });
    const rows = sqlite.prepare('SELECT count(*) FROM feedback').pluck().get();
    sqlite.close();
    expect(rows).toBe(1);
  });
});

describe('what was learned', () => {
  test('is shown as the strongest sequences and the usual next tools', async () => {
    const engine = await testEngine();
    for (const session_id of ['1', '2']) await logEpisode(engine, { session_id, outcome: 'success', tool_sequence: ['a', 'b', 'c'] });
    expect((await strongestSequences(engine, 1))[0]).toMatchObject({ support: 2, success_rate: 1, avg_reward: 10 });
    await recordExecution(engine, { ...call, tool_name: 'a' });
    expect((await describeTool(engine, 'a')).usual_next).toEqual([{ tool_name: 'b', support: 2 }]);
  });

  test('failures lower the trust in suggested parameters', async () => {
    const confidence = async (failures: number) => {
      const engine = await testEngine();
      for (let i = 0; i < 5; i++) await recordExecution(engine, { ...call, arguments: { format: 'pdf' } });
      for (let i = 0; i < failures; i++) await recordExecution(engine, { ...call, success: false });
      return (await suggestParametersFor(engine, { tool_name: 'search' })).confidence;
    };
    expect(await confidence(5)).toBeCloseTo((await confidence(0)) / 2, 12);
  });
});
