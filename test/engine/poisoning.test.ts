import { describe, expect, test } from 'vitest';
import type { RankerName } from '../../src/core/rankers/ranker-by-name.ts';
import type { Outcome } from '../../src/core/types.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { getToolMetrics } from '../../src/engine/get-tool-metrics.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { nextToolBySequence } from '../../src/engine/next-tool-by-sequence.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { type RecordExecutionInput, recordExecution } from '../../src/engine/record-execution.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { firstValueOf } from '../helpers/database-file.ts';
import { testEngine } from '../helpers/engine.ts';

const QUERY = 'convert the invoice to euro';
const TOOLS = ['exchange', 'bank'];
const DAY_MS = 86_400_000;
const RANKERS: readonly RankerName[] = ['learned', 'backoff', 'reference'];
const SPAM = 150;

type Call = Omit<RecordExecutionInput, 'session_id' | 'tool_name'>;

async function call(engine: Engine, session_id: string, tool_name: string, details: Call): Promise<string> {
  const input = { session_id, tool_name, query: QUERY, available_tools: TOOLS, execution_time_ms: 100, ...details };
  return (await recordExecution(engine, input)).execution_id;
}

const good: Call = { success: true, user_rating: 5 };
const bad: Call = { success: false, user_rating: 1 };

/** Ten sessions for which one tool works and the other does not. */
async function honestWork(engine: Engine): Promise<void> {
  for (let n = 0; n < 10; n++) {
    await call(engine, `honest ${n}`, 'exchange', good);
    await call(engine, `honest ${n}`, 'bank', bad);
    await logEpisode(engine, { session_id: `honest ${n}`, outcome: 'success', tool_sequence: ['find', 'exchange'] });
  }
}

async function order(engine: Engine, session_id?: string): Promise<string[]> {
  const { recommendations } = await recommendTools(engine, { query: QUERY, session_id, available_tools: TOOLS });
  return recommendations.map(({ tool_name }) => tool_name);
}

const QUERIES = ['bill', 'receipt', 'statement', 'price', 'fee'].map((word) => `convert the ${word} to euro`);

const ATTACKS: readonly (readonly [what: string, (engine: Engine, n: number) => Promise<unknown>])[] = [
  [
    'calls that praise one tool and condemn the other',
    (engine, n) => (n % 2 ? call(engine, 'spam', 'bank', good) : call(engine, 'spam', 'exchange', bad)),
  ],
  [
    'the same in other words, after other tools',
    async (engine, n) => {
      const query = `${QUERIES[n % QUERIES.length]} ${n}`;
      await call(engine, 'spam', `tool ${n % 7}`, { success: true, query });
      await call(engine, 'spam', 'bank', { ...good, query });
      await call(engine, 'spam', 'exchange', { ...bad, query });
    },
  ],
  [
    'calls, each in an episode of its own that went as told',
    async (engine, n) => {
      await call(engine, 'spam', n % 2 ? 'bank' : 'exchange', n % 2 ? good : bad);
      await logEpisode(engine, { session_id: 'spam', outcome: n % 2 ? 'success' : 'failure' });
    },
  ],
  [
    'ratings that come later',
    async (engine) => {
      await submitFeedback(engine, { execution_id: await call(engine, 'spam', 'bank', { success: true }), rating: 5 });
      await submitFeedback(engine, { execution_id: await call(engine, 'spam', 'exchange', { success: true }), rating: 1 });
    },
  ],
];

describe('one session among many', () => {
  test.each(RANKERS.flatMap((ranker) => ATTACKS.map(([what, attack]) => [ranker, what, attack] as const)))(
    'does not turn the ranking of %s around with %s',
    async (ranker, _, attack) => {
      const engine = await testEngine({ settings: { ranker } });
      await honestWork(engine);
      expect(await order(engine)).toEqual(TOOLS);
      for (let n = 0; n < SPAM; n++) await attack(engine, n);
      expect(await order(engine)).toEqual(TOOLS);
      // Greed over the reference is greed over the bare Q-values of one situation.
      if (ranker === 'reference') return;
      const drawn = await selectTool(engine, { query: QUERY, available_tools: TOOLS, policy: 'greedy' });
      expect(drawn.tool_name).toBe('exchange');
    },
  );

  test.each(['success', 'failure'] as const)(
    'does not pass the sequence of many with hundreds of episodes that end in %s',
    async (outcome) => {
      const engine = await testEngine();
      await honestWork(engine);
      const next = async () =>
        (await nextToolBySequence(engine, { recent_tools: ['find'] })).recommendations.map(({ tool_name }) => tool_name);
      expect(await next()).toEqual(['exchange']);
      const episode = (tool_sequence: string[], ended: Outcome, episode_reward: number) =>
        logEpisode(engine, { session_id: 'spam', outcome: ended, tool_sequence, episode_reward });
      for (let n = 0; n < SPAM; n++) {
        if (outcome === 'success') await episode([...Array(40).fill(['find', 'bank']).flat()], 'success', 1e6 - n);
        else await episode([...Array(40).fill(['find', 'exchange']).flat()], 'failure', n - 1e6);
      }
      expect((await next())[0]).toBe('exchange');
    },
  );

  test('leaves the Q-value of a situation where three calls and half of one have brought it, replay included', async () => {
    const spammed = await testEngine();
    const asked = await testEngine();
    for (const [engine, calls] of [
      [spammed, 300],
      [asked, 9],
    ] as const) {
      for (let n = 0; n < calls; n++) {
        await call(engine, 'spam', 'bank', { success: true, is_terminal: true });
        await logEpisode(engine, { session_id: 'spam', outcome: 'success' });
      }
    }
    const value = (file: string) => Number(firstValueOf(file, 'SELECT max(q_value) FROM action_values WHERE visit_count > 0'));
    const exact = "SELECT q_value FROM action_values JOIN contexts USING (context_id) WHERE level = 'exact'";
    expect(Number(firstValueOf(spammed.file, 'SELECT max(visit_count) FROM action_values'))).toBe(300);
    expect(Number(firstValueOf(asked.file, exact))).toBeGreaterThan(3);
    expect(value(spammed.file)).toBeLessThanOrEqual(10);
    expect(Number(firstValueOf(spammed.file, 'SELECT max(weight) FROM action_values'))).toBeLessThan(4);
  });

  test('leaves no drift behind when it rates up and down a thousand times', async () => {
    const engine = await testEngine();
    await honestWork(engine);
    const execution_id = await call(engine, 'spam', 'bank', { success: true, user_rating: 3 });
    const values = () =>
      firstValueOf(
        engine.file,
        "SELECT group_concat(round(q_value, 9), ' ') FROM (SELECT q_value FROM action_values ORDER BY context_id, tool_id)",
      );
    const before = values();
    const stars = firstValueOf(engine.file, "SELECT weighted_rating_sum FROM tools WHERE name = 'bank'");
    for (let n = 0; n < 100; n++) for (const rating of [5, 1, 2, 3]) await submitFeedback(engine, { execution_id, rating });
    expect(values()).toBe(before);
    expect(firstValueOf(engine.file, "SELECT weighted_rating_sum FROM tools WHERE name = 'bank'")).toBe(stars);
    expect(await order(engine)).toEqual(TOOLS);
  });
});

describe('a session that is alone', () => {
  test.each([
    ['learned', 'nobody'],
    ['learned', 'itself'],
    ['backoff', 'itself'],
  ] as const)('sees a tool fall the day it breaks, and rise again on later days, under %s, asked by %s', async (ranker, by) => {
    let now = Date.UTC(2026, 0, 1);
    const engine = await testEngine({ settings: { ranker }, clock: () => now++ });
    const times = async (count: number, tool: string, success: boolean) => {
      for (let n = 0; n < count; n++) await call(engine, 'itself', tool, { success });
    };
    const asked = () => order(engine, by === 'nobody' ? undefined : by);
    await times(3, 'bank', true);
    await times(20, 'exchange', true);
    const before = await asked();
    if (by === 'itself') expect(before).toEqual(['exchange', 'bank']);
    await times(20, 'exchange', false);
    expect(await asked()).toEqual(['bank', 'exchange']);
    for (let day = 0; day < 6; day++) {
      now += DAY_MS;
      await times(5, 'exchange', true);
    }
    if (by === 'itself') expect(await asked()).toEqual(['exchange', 'bank']);
  });
});

describe('what is counted', () => {
  test('support and sessions are those of all calls, whatever they weigh', async () => {
    const engine = await testEngine();
    await honestWork(engine);
    for (let n = 0; n < 30; n++) await call(engine, 'spam', 'exchange', good);
    const { recommendations } = await recommendTools(engine, { query: QUERY, available_tools: ['exchange', 'never called'] });
    expect(recommendations.map(({ tool_name, support, sessions }) => [tool_name, support, sessions])).toEqual([
      ['exchange', 40, 11],
      ['never called', 0, 0],
    ]);
    const { tools } = await getToolMetrics(engine, {});
    expect(tools.find((tool) => tool.tool_name === 'exchange')).toMatchObject({ total_calls: 40, sessions: 11, success_rate: 1 });
  });

  test('each execution says how often its session had taught the same, in each context and in all', async () => {
    const engine = await testEngine();
    for (let n = 0; n < 5; n++) await call(engine, 's', 'bank', { success: n !== 2, query: n === 4 ? 'something else' : QUERY });
    const rows = firstValueOf(
      engine.file,
      `SELECT json_group_array(json_array(exact_repeats, step_repeats, request_repeats, previous_repeats, tool_repeats)) FROM executions`,
    );
    expect(JSON.parse(String(rows))).toEqual([
      [0, 0, 0, 0, 0],
      [0, 0, 1, 0, 1],
      [0, 0, 0, 0, 0],
      [0, 1, 2, 1, 2],
      [0, 0, 0, 2, 3],
    ]);
  });

  test('the counts of earlier days are dropped in small pieces', async () => {
    let now = Date.UTC(2026, 0, 1);
    const engine = await testEngine({ clock: () => now++ });
    for (let n = 0; n < 60; n++) await call(engine, `s ${n}`, 'bank', good);
    const rows = () => Number(firstValueOf(engine.file, 'SELECT count(*) FROM session_updates'));
    expect(rows()).toBe(300);
    now += DAY_MS;
    for (let n = 0; n < 10; n++) await call(engine, 'new', 'bank', good);
    expect(rows()).toBeLessThan(160);
    for (let n = 0; n < 10; n++) await call(engine, 'new', 'bank', good);
    expect(rows()).toBeLessThan(100);
  });
});
