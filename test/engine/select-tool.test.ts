import { describe, expect, test } from 'vitest';
import { optimistic } from '../../src/core/policies/optimistic.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { type SelectToolOutput, selectTool } from '../../src/engine/select-tool.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { testEngine } from '../helpers/engine.ts';
import { recordAll, recordedWork, WORK_TOOLS } from '../helpers/recorded-work.ts';

const available_tools = WORK_TOOLS;
const query = 'find the mail of Bob';
/** The share drawn at random does not fall from draw to draw. */
const STEADY = { hyperparameters: { exploration_rate: 0.01 } };

/** The probabilities that the default policy has for the next draw. */
async function probabilitiesOf(engine: Engine): Promise<ReadonlyMap<string, number>> {
  const decision = { query, session: null, available: available_tools };
  const probabilities = await engine.learner.decide(engine.read, async (_, learner) => optimistic(learner.prospects(decision)));
  return new Map(available_tools.map((tool_name, at) => [tool_name, probabilities[at] ?? 0]));
}

async function draws(engine: Engine, count: number, asked: string | undefined = query): Promise<SelectToolOutput[]> {
  const drawn: SelectToolOutput[] = [];
  for (let n = 0; n < count; n++) drawn.push(await selectTool(engine, { query: asked, available_tools }));
  return drawn;
}

function expectFrequencies(drawn: readonly SelectToolOutput[], probabilities: ReadonlyMap<string, number>): void {
  for (const [tool_name, p] of probabilities) {
    const count = drawn.filter((draw) => draw.tool_name === tool_name).length;
    const deviation = Math.sqrt(drawn.length * p * (1 - p));
    expect(Math.abs(count - drawn.length * p), tool_name).toBeLessThanOrEqual(4 * deviation + 1);
  }
}

describe('the default policy', () => {
  test('hears of late ratings: a tool whose successes are all rated 1 is not drawn again', async () => {
    const engine = await testEngine(STEADY);
    const [tool_name = ''] = available_tools;
    const calls: string[] = [];
    for (let n = 0; n < 12; n++) {
      const call = { session_id: `rated ${n}`, tool_name, success: true, query, available_tools };
      calls.push((await recordExecution(engine, call)).execution_id);
    }
    const liked = (await probabilitiesOf(engine)).get(tool_name);
    for (const execution_id of calls) await submitFeedback(engine, { execution_id, rating: 1 });
    expect(liked).toBeGreaterThan(0.9);
    expect((await probabilitiesOf(engine)).get(tool_name)).toBeLessThan(0.01);
  });

  test('is optimistic, and gives every candidate a known probability above 0', async () => {
    const engine = await testEngine(STEADY);
    await recordAll(engine, recordedWork(120));
    const probabilities = await probabilitiesOf(engine);
    expect([...probabilities.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...probabilities.values())).toBeGreaterThan(0);
    const drawn = await selectTool(engine, { query, available_tools });
    expect(drawn).toMatchObject({ policy: 'optimistic', propensity: probabilities.get(drawn.tool_name) });
  });

  test('draws as often as its propensities say, the rare tools included', async () => {
    const engine = await testEngine(STEADY);
    await recordAll(engine, recordedWork(60));
    const probabilities = await probabilitiesOf(engine);
    const drawn = await draws(engine, 1_500);
    expectFrequencies(drawn, probabilities);
    expect(new Set(drawn.map((draw) => draw.tool_name)).size).toBeGreaterThan(1);
    for (const draw of drawn) expect(draw.propensity).toBe(probabilities.get(draw.tool_name));
  });

  test('shares the draws where nothing is known', async () => {
    const engine = await testEngine(STEADY);
    const drawn = await draws(engine, 600, '');
    expectFrequencies(drawn, new Map(available_tools.map((name) => [name, 1 / available_tools.length])));
    for (const draw of drawn) expect(draw).toMatchObject({ was_exploration: false });
    expect(drawn[0]?.propensity).toBeCloseTo(1 / available_tools.length, 12);
  });

  test('calls a draw exploration when it is not the tool that is recommended first', async () => {
    const engine = await testEngine(STEADY);
    await recordAll(engine, recordedWork(60));
    const { recommendations } = await recommendTools(engine, { query, available_tools });
    for (const draw of await draws(engine, 300)) expect(draw.was_exploration).toBe(draw.tool_name !== recommendations[0]?.tool_name);
  });

  test('draws the same again from the same log and seed', async () => {
    const drawn = async () => {
      const engine = await testEngine(STEADY);
      await recordAll(engine, recordedWork(40));
      return (await draws(engine, 60)).map(({ tool_name, propensity }) => ({ tool_name, propensity }));
    };
    expect(await drawn()).toEqual(await drawn());
  });

  test('learns which tool a request needs from the outcomes of its draws alone', async () => {
    const engine = await testEngine(STEADY);
    const right = new Map([
      ['book a train to Rome', 'web_search'],
      ['remember the shopping list', 'file_write'],
      ['who wrote to me yesterday', 'mail_find'],
    ]);
    const hits: boolean[] = [];
    for (let n = 0; n < 90; n++) {
      const [asked = '', tool] = [...right][n % 3] ?? [];
      const session_id = `s${n}`;
      const draw = await selectTool(engine, { session_id, query: asked, available_tools });
      const success = draw.tool_name === tool;
      await recordExecution(engine, { session_id, query: asked, tool_name: draw.tool_name, success, available_tools, is_terminal: true });
      hits.push(success);
    }
    expect(hits.slice(-30).filter(Boolean).length).toBeGreaterThanOrEqual(27);
  });
});

describe('the named policies', () => {
  test('weigh the fused scores when the ranker is learned: greedy draws what is recommended first', async () => {
    const engine = await testEngine();
    await recordAll(engine, recordedWork(120));
    const { recommendations } = await recommendTools(engine, { query, available_tools });
    const drawn = await selectTool(engine, { query, available_tools, policy: 'greedy' });
    expect(drawn).toMatchObject({ tool_name: recommendations[0]?.tool_name, propensity: 1, was_exploration: false });
  });

  test('weigh Q-values when the ranker is the reference', async () => {
    const engine = await testEngine({ settings: { ranker: 'reference' } });
    await recordExecution(engine, { session_id: '1', query, tool_name: 'file_read', success: true, available_tools });
    await recordExecution(engine, { session_id: '2', query, tool_name: 'mail_find', success: false, available_tools });
    const drawn = await selectTool(engine, { query, available_tools, policy: 'greedy' });
    expect(drawn).toMatchObject({ tool_name: 'file_read', propensity: 1 });
    expect((await selectTool(engine, { query, available_tools })).policy).toBe('optimistic');
  });
});

test('followed draws, draws that were not followed and organic calls are told apart by the statistics', async () => {
  const engine = await testEngine();
  const other = (tool_name: string) => available_tools.find((name) => name !== tool_name) ?? '';
  const call = async (session_id: string, success: boolean, follow: boolean, named: boolean) => {
    const { tool_name: drawn, recommendation_id } = await selectTool(engine, { session_id, query, available_tools });
    const tool_name = follow ? drawn : other(drawn);
    const joined = named ? { recommendation_id } : {};
    return await recordExecution(engine, { session_id, query, tool_name, success, available_tools, ...joined });
  };
  await call('followed', true, true, true);
  await call('followed without the id', false, true, false);
  await call('not followed', true, false, true);
  expect((await call('something else', false, false, false)).recommendation).toBeNull();
  await recordExecution(engine, { session_id: 'organic', query, tool_name: 'web_search', success: false, available_tools });
  expect((await getLearningStats(engine)).recommendations).toEqual({
    made: 4,
    followed: 2,
    success_when_followed: 0.5,
    success_otherwise: 1,
  });
});
