import { describe, expect, test } from 'vitest';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { testEngine } from '../helpers/engine.ts';

const available_tools = ['a', 'b', 'c'];

describe('advice and outcome', () => {
  test('an execution is joined to the advice that it names', async () => {
    const engine = await testEngine();
    const first = await recommendTools(engine, { session_id: 's', available_tools });
    await recommendTools(engine, { session_id: 's', available_tools });
    const { recommendation } = await recordExecution(engine, {
      session_id: 's',
      tool_name: 'a',
      success: true,
      recommendation_id: first.recommendation_id,
    });
    expect(recommendation).toEqual({ recommendation_id: first.recommendation_id, rank: 1, followed: true });
  });

  test('without an id it is joined to the latest advice of its session, once', async () => {
    const engine = await testEngine();
    const { recommendation_id } = await recommendTools(engine, { session_id: 's', available_tools });
    const record = () => recordExecution(engine, { session_id: 's', tool_name: 'b', success: true });
    expect((await record()).recommendation).toEqual({ recommendation_id, rank: 2, followed: false });
    expect((await record()).recommendation).toBeNull();
  });

  test('a tool that was not ranked, and another session, are organic', async () => {
    const engine = await testEngine();
    await recommendTools(engine, { session_id: 's', available_tools, top_k: 1 });
    expect((await recordExecution(engine, { session_id: 's', tool_name: 'c', success: true })).recommendation).toBeNull();
    expect((await recordExecution(engine, { session_id: 'other', tool_name: 'a', success: true })).recommendation).toBeNull();
  });

  test('an unknown recommendation_id is an error and nothing is recorded', async () => {
    const engine = await testEngine();
    const call = { session_id: 's', tool_name: 'a', success: true, recommendation_id: 'made-up' };
    await expect(recordExecution(engine, call)).rejects.toThrow(/"made-up" is unknown; leave it out/);
    expect((await getLearningStats(engine)).update_count).toBe(0);
  });

  test('advice given to another session cannot be taken over', async () => {
    const engine = await testEngine();
    const { recommendation_id } = await recommendTools(engine, { session_id: 'owner', available_tools });
    const call = { session_id: 'thief', tool_name: 'a', success: true, recommendation_id };
    await expect(recordExecution(engine, call)).rejects.toThrow(/was given to another session/);
    expect((await recordExecution(engine, { ...call, session_id: 'owner' })).recommendation?.followed).toBe(true);
  });

  test('one piece of advice counts as followed once, however many calls name it', async () => {
    const engine = await testEngine();
    const { recommendation_id } = await recommendTools(engine, { session_id: 's', available_tools });
    for (let i = 0; i < 4; i++) await recordExecution(engine, { session_id: 's', tool_name: 'a', success: true, recommendation_id });
    expect((await getLearningStats(engine)).recommendations).toMatchObject({ made: 1, followed: 1 });
  });

  test('a name given twice is ranked once', async () => {
    const engine = await testEngine();
    const { recommendations } = await recommendTools(engine, { available_tools: ['a', 'a', 'b'] });
    expect(recommendations.map((tool) => tool.tool_name)).toEqual(['a', 'b']);
  });

  test('the statistics tell how often advice was followed and how it went then and otherwise', async () => {
    const engine = await testEngine();
    for (const [session_id, tool_name, success] of [
      ['1', 'a', true],
      ['2', 'b', false],
      ['3', 'a', true],
    ] as const) {
      await recommendTools(engine, { session_id, available_tools });
      await recordExecution(engine, { session_id, tool_name, success });
    }
    const { recommendations } = await getLearningStats(engine);
    expect(recommendations).toEqual({ made: 3, followed: 2, success_when_followed: 1, success_otherwise: 0 });
  });

  test('a drawn tool is advice with the probability it was drawn with', async () => {
    const engine = await testEngine();
    const drawn = await selectTool(engine, { session_id: 's', available_tools, policy: 'softmax' });
    expect(drawn.propensity).toBeCloseTo(1 / 3, 12);
    const { recommendation } = await recordExecution(engine, { session_id: 's', tool_name: drawn.tool_name, success: true });
    expect(recommendation).toEqual({ recommendation_id: drawn.recommendation_id, rank: 1, followed: true });
  });
});
