import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { type Evaluation, evaluatePolicy } from '../../src/engine/evaluate-policy.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { UserError } from '../../src/errors.ts';
import { temporaryFolder, testEngine } from '../helpers/engine.ts';

const TOOLS = ['search', 'read', 'send', 'delete'];
/** What each request needs, in this order. */
const PLANS: Readonly<Record<string, readonly string[]>> = {
  'find the invoice': ['search', 'read'],
  'mail the invoice': ['search', 'send'],
  'clean up the folder': ['search', 'delete', 'delete'],
};

/** Sessions in which each request gets the tools that it needs. */
async function work(engine: Engine, sessions: number): Promise<void> {
  for (let at = 0; at < sessions; at++) {
    const session_id = `s${at}`;
    const [request, plan = []] = Object.entries(PLANS)[at % 3] ?? [];
    const query = `case ${at}: ${request}`; // no two alike, as in life
    for (const tool_name of plan) await recordExecution(engine, { session_id, tool_name, success: true, query, available_tools: TOOLS });
    await logEpisode(engine, { session_id, outcome: 'success' });
  }
}

/** Sessions of one draw each; only `read` succeeds. @returns what was drawn */
async function route(engine: Engine, sessions: number): Promise<string[]> {
  const drawn: string[] = [];
  for (let at = 0; at < sessions; at++) {
    const session_id = `draw${at}`;
    const { tool_name } = await selectTool(engine, { session_id, query: 'open it', available_tools: TOOLS, policy: 'softmax' });
    await recordExecution(engine, { session_id, tool_name, success: tool_name === 'read', query: 'open it' });
    drawn.push(tool_name);
  }
  return drawn;
}

function hits(evaluation: Evaluation): Record<string, number | null> {
  return Object.fromEntries(evaluation.ranking.map((row) => [row.contender, row.hit_at_1]));
}

describe('evaluating the policy', () => {
  it('says that there is not enough data when nothing was recorded', async () => {
    const evaluation = await evaluatePolicy(await testEngine());
    expect(evaluation).toMatchObject({ executions: 0, decisions: 0, sessions: 0, repeat_share: null, off_policy: null });
    expect(evaluation.verdict).toEqual({
      outcome: 'not enough data',
      sentence: 'Not enough data: 0 decisions in 0 sessions to judge, and it takes 30 in 10.',
    });
  });

  it('finds the learned ranking better where the request decides, which no simple rule sees', async () => {
    const engine = await testEngine();
    await work(engine, 90);
    const evaluation = await evaluatePolicy(engine);
    expect(evaluation).toMatchObject({ executions: 210, decisions: 210, sessions: 90, repeat_share: 30 / 210, off_policy: null });
    const { learned = 0, markov = 0, popularity = 0 } = hits(evaluation);
    expect(learned).toBeGreaterThan(0.85);
    expect(markov).toBeLessThan(0.75);
    expect(popularity).toBeCloseTo(89 / 210, 1); // search, the first of each session
    expect(evaluation.verdict.outcome).toBe('better');
  });

  it('gives the same answer again, and writes nothing', async () => {
    const engine = await testEngine();
    await work(engine, 12);
    await route(engine, 12);
    const first = await evaluatePolicy(engine);
    const reader = await testEngine({ file: engine.file, settings: { read_only: true, seed: null } });
    expect(await evaluatePolicy(reader)).toEqual(first);
  });

  it('sees registrations, ratings, failed episodes and requests as the log has them', async () => {
    const engine = await testEngine();
    await registerTools(engine, {
      tools: TOOLS.map((name) => ({ name, description: name === 'read' ? 'Opens a document' : 'Does things' })),
    });
    await recommendTools(engine, { session_id: 'a', query: 'open the document' });
    const { execution_id } = await recordExecution(engine, { session_id: 'a', tool_name: 'read', success: true });
    await submitFeedback(engine, { execution_id, rating: 1 });
    await recordExecution(engine, { session_id: 'b', tool_name: 'send', success: true });
    await logEpisode(engine, { session_id: 'b', outcome: 'failure' });
    const evaluation = await evaluatePolicy(engine);
    expect(evaluation).toMatchObject({ executions: 2, decisions: 1, sessions: 1 }); // not b: it failed
    expect(hits(evaluation)).toMatchObject({ 'description match': 1, popularity: 0 });
  });

  it('joins the draws of select_tool to what became of them', async () => {
    const engine = await testEngine();
    const drawn = await route(engine, 60);
    const { off_policy } = await evaluatePolicy(engine);
    const reads = drawn.filter((tool) => tool === 'read').length;
    expect(off_policy).toMatchObject({ draws: 60, sessions: 60 });
    expect(off_policy?.as_logged.mean_reward).toBeCloseTo((10 * reads - 5 * (60 - reads)) / 60, 9);
    // The popular tool is read as soon as it was drawn once: from then on its first choice earns 10.
    const popularity = off_policy?.estimates.find(({ contender }) => contender === 'popularity');
    expect(popularity?.replay).toBeGreaterThan(9);
    expect(popularity?.mean_weight).toBeGreaterThan(0.5);
    expect(popularity?.mean_weight).toBeLessThan(2);
  });

  it('counts no draw that was not followed, nor a recommendation, nor the second call for one draw', async () => {
    const engine = await testEngine();
    const session_id = 's';
    const { recommendation_id, tool_name } = await selectTool(engine, { session_id, available_tools: TOOLS });
    await recordExecution(engine, { session_id, tool_name, success: true, recommendation_id });
    await recordExecution(engine, { session_id, tool_name, success: true, recommendation_id });
    const ignored = await selectTool(engine, { session_id, available_tools: TOOLS });
    const other = TOOLS.find((name) => name !== ignored.tool_name) ?? '';
    await recordExecution(engine, { session_id, tool_name: other, success: true, recommendation_id: ignored.recommendation_id });
    await recommendTools(engine, { session_id, available_tools: TOOLS });
    await recordExecution(engine, { session_id, tool_name: 'read', success: true });
    expect((await evaluatePolicy(engine)).off_policy).toMatchObject({ draws: 1, sessions: 1 });
  });

  it('replays the latest calls only when told to, and knows what was registered before', async () => {
    const engine = await testEngine();
    await registerTools(engine, { tools: [{ name: 'read', description: 'Does things' }, { name: 'send' }] });
    await work(engine, 6);
    await registerTools(engine, { tools: [{ name: 'read', description: 'Opens a document' }] });
    await recordExecution(engine, {
      session_id: 'last',
      tool_name: 'read',
      success: true,
      query: 'open the document',
      available_tools: ['send', 'read'],
    });
    const evaluation = await evaluatePolicy(engine, { max_executions: 1 });
    expect(evaluation).toMatchObject({ executions: 1, decisions: 1, sessions: 1 });
    expect(hits(evaluation)).toMatchObject({ 'description match': 1, popularity: 0 });
    expect(await evaluatePolicy(engine, { max_executions: 3 })).toMatchObject({ executions: 3, decisions: 3 });
    expect(await evaluatePolicy(engine, { max_executions: 15 })).toEqual(await evaluatePolicy(engine));
  });

  it('tells how far it is, lets others in meanwhile and stops when told to', async () => {
    const engine = await testEngine();
    await work(engine, 120);
    const told: [number, number, string][] = [];
    let turns = 0;
    const ticking = setInterval(() => turns++, 0);
    let turns_of_replay = 0;
    const progress = async (...now: [number, number, string]) => {
      told.push(now);
      turns_of_replay = turns;
    };
    await evaluatePolicy(engine, {}, { progress });
    clearInterval(ticking);
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual([280, 280, '280 of 280 calls replayed']);
    expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).toSorted((a, b) => a - b));
    expect(turns_of_replay).toBeGreaterThan(20);
    expect(turns).toBeGreaterThan(turns_of_replay + 5);

    const abort = new AbortController();
    const stopped = evaluatePolicy(engine, {}, { signal: abort.signal, progress: async () => abort.abort() });
    await expect(stopped).rejects.toThrow(UserError);
    await expect(evaluatePolicy(engine, {}, { signal: AbortSignal.abort() })).rejects.toThrow('the evaluation was cancelled');
  });

  it('leaves out what is recorded while it runs', async () => {
    const file = `${temporaryFolder()}/shared.db`;
    const engine = await testEngine({ file });
    await work(engine, 12);
    const other = await testEngine({ file });
    const late = async () => {
      await recordExecution(other, { session_id: 'late', tool_name: 'read', success: true, available_tools: TOOLS });
    };
    const evaluation = await evaluatePolicy(engine, {}, { progress: late });
    expect(evaluation).toMatchObject({ executions: 28, decisions: 28, sessions: 12 });
  });
});
