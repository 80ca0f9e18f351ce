import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { nextToolBySequence } from '../../src/engine/next-tool-by-sequence.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { suggestParametersFor } from '../../src/engine/suggest-parameters.ts';
import { testEngine } from '../helpers/engine.ts';

async function record(engine: Engine, tool_name: string, query: string, outcomes: readonly boolean[]): Promise<void> {
  for (const [at, success] of outcomes.entries())
    await recordExecution(engine, { session_id: `${tool_name}${query}${at}`, tool_name, query, success });
}

const order = async (engine: Engine, query: string, available_tools: string[]) =>
  (await recommendTools(engine, { query, available_tools })).recommendations.map((tool) => tool.tool_name);

describe('faults 20–29 of the reference: context, selection, recommendation, parameters', () => {
  test('fault 20: what was learned early in a session counts late in one, and in another phrasing of numbers', async () => {
    const engine = await testEngine();
    await record(engine, 'ledger', 'show the balance of account 12', [true, true, true]);
    const late = await recommendTools(engine, {
      query: 'Show the balance of account 977!',
      session_length: 40,
      available_tools: ['mail', 'ledger'],
    });
    expect(late.recommendations[0]?.tool_name).toBe('ledger');
  });

  test('fault 21: good and bad tools keep their order for an entity never asked about', async () => {
    const engine = await testEngine();
    for (let n = 0; n < 20; n++) {
      await record(engine, 'good', `balance for entity ${n}`, [true]);
      await record(engine, 'bad', `balance for entity ${n}`, [false]);
    }
    expect(await order(engine, 'balance for entity 777', ['bad', 'good'])).toEqual(['good', 'bad']);
  });

  test('fault 23: the first picks are of tools not tried before, each once', async () => {
    const engine = await testEngine({ hyperparameters: { exploration_rate: 0 } });
    const available_tools = Array.from({ length: 10 }, (_, at) => `tool${at}`);
    const picks = new Set<string>();
    for (let i = 0; i < 10; i++) {
      const pick = await selectTool(engine, { query: 'same request', available_tools, policy: 'ucb' });
      picks.add(pick.tool_name);
      await recordExecution(engine, { session_id: `s${i}`, tool_name: pick.tool_name, query: 'same request', success: true });
    }
    expect(picks.size).toBe(10);
  });

  test('fault 24: draws in one request’s context do not count in another', async () => {
    const engine = await testEngine({ hyperparameters: { exploration_rate: 0 } });
    const available_tools = ['a', 'b'];
    const pick = (query: string) => selectTool(engine, { query, available_tools, policy: 'ucb' });
    const first = await pick('weather');
    const fresh = await pick('invoices');
    expect([first.propensity, fresh.propensity]).toEqual([0.5, 0.5]);
    const second = await pick('weather');
    expect(second).toMatchObject({ propensity: 1 });
    expect(second.tool_name).not.toBe(first.tool_name);
  });

  test('fault 25: an exploration rate of 0 stays 0', async () => {
    const engine = await testEngine({ hyperparameters: { exploration_rate: 0 } });
    const pick = await selectTool(engine, { available_tools: ['a', 'b'], policy: 'epsilon_greedy' });
    expect(pick.exploration_rate).toBe(0);
    expect((await getLearningStats(engine, {})).exploration.current_rate).toBe(0);
  });

  test('fault 26: a tool that failed ranks below one nobody tried', async () => {
    const engine = await testEngine();
    await record(engine, 'broken', 'send the letter', [false, false, false]);
    expect(await order(engine, 'send the letter', ['broken', 'untried'])).toEqual(['untried', 'broken']);
  });

  test('fault 27: one lucky call does not outrank many good ones', async () => {
    const engine = await testEngine();
    await record(
      engine,
      'steady',
      'send the letter',
      Array.from({ length: 50 }, (_, at) => at % 5 !== 0),
    );
    await record(engine, 'lucky', 'send the letter', [true]);
    expect(await order(engine, 'send the letter', ['lucky', 'steady'])).toEqual(['steady', 'lucky']);
  });

  test('fault 28: without a list every tool registered or recorded is offered', async () => {
    const engine = await testEngine();
    await registerTools(engine, { tools: [{ name: 'registered' }] });
    await record(engine, 'recorded', 'x', [true]);
    const { recommendations } = await recommendTools(engine, { query: 'y' });
    expect(recommendations.map((tool) => tool.tool_name).sort()).toEqual(['recorded', 'registered']);
  });

  test('fault 29: parameters that worked are suggested, and the caller’s own win', async () => {
    const engine = await testEngine();
    for (let i = 0; i < 40; i++) {
      const args = { format: 'pdf', year: 2020 + (i % 3) };
      await recordExecution(engine, { session_id: `s${i}`, tool_name: 'export', success: true, user_rating: 5, arguments: args });
    }
    const suggestion = await suggestParametersFor(engine, { tool_name: 'export', partial_args: { year: 1999 } });
    expect(suggestion.suggested_params).toEqual({ format: 'pdf', year: 1999 });
    expect(suggestion.confidence).toBeGreaterThan(0.5);
  });
});

describe('faults 30–34 of the reference: sequences', () => {
  const log = (engine: Engine, session_id: string, tool_sequence: string[], outcome: 'success' | 'partial' | 'failure' = 'success') =>
    logEpisode(engine, { session_id, tool_sequence, outcome, episode_reward: outcome === 'failure' ? -5 : 10 });
  const following = async (engine: Engine, recent_tools: string[]) => (await nextToolBySequence(engine, { recent_tools })).recommendations;

  test('fault 30: arrows and colons in names never collide', async () => {
    const engine = await testEngine();
    for (const session of ['1', '2']) {
      await log(engine, session, ['a->b', 'c']);
      await log(engine, `${session}x`, ['ns:a', 'ns:b']);
    }
    expect((await following(engine, ['a->b'])).map((tool) => [tool.tool_name, tool.support])).toEqual([['c', 2]]);
    expect(await following(engine, ['a'])).toEqual([]);
    expect((await following(engine, ['ns:a'])).map((tool) => tool.tool_name)).toEqual(['ns:b']);
  });

  test('fault 31: partial is half a success', async () => {
    const engine = await testEngine();
    for (const session of ['1', '2']) await log(engine, session, ['a', 'b'], 'partial');
    expect((await following(engine, ['a']))[0]).toMatchObject({ success_rate: 0.5 });
  });

  test('fault 32: one episode that repeats a tool is one observation', async () => {
    const engine = await testEngine();
    await log(engine, '1', ['ping', 'ping', 'ping']);
    expect(await following(engine, ['ping'])).toEqual([]);
  });

  test('fault 33: the same pair is worth the same in a long episode', async () => {
    const score = async (length: number) => {
      const engine = await testEngine();
      const tail = Array.from({ length: length - 2 }, (_, at) => `other${at}`);
      for (const session of ['1', '2']) await log(engine, session, ['a', 'b', ...tail]);
      return (await following(engine, ['a']))[0]?.sequence_score;
    };
    expect(await score(10)).toBe(await score(2));
  });
});
