import { describe, expect, it } from 'vitest';
import { type Inspection, inspect } from '../helpers/inspector.ts';
import { temporaryDatabase } from '../helpers/temporary.ts';

const QUERY = 'what is the balance of entity 777';
const TOOLS = ['look_up', 'read_balance'];

type Step = readonly [tool: string, args: object, wanted: object];

/** What an agent does in one session, in its order. Each step is a process of its own. */
const SESSION: readonly Step[] = [
  ['register_tools', { tools: TOOLS.map((name) => ({ name, description: `Does ${name}` })) }, { registered: 2, total: 2 }],
  ['recommend_tools', { query: QUERY, session_id: 's', explain: true }, { recommendations: [{ rank: 1 }, { rank: 2 }] }],
  ['select_tool', { query: QUERY, available_tools: TOOLS, policy: 'greedy' }, { policy: 'greedy' }],
  [
    'record_execution',
    { session_id: 's', tool_name: 'look_up', success: true, query: QUERY, execution_id: 'e1', arguments: { limit: 5 } },
    { visit_count: 1 },
  ],
  ['submit_feedback', { execution_id: 'e1', rating: 5 }, { rating: 5 }],
  ['log_episode', { session_id: 's', outcome: 'success', tool_sequence: TOOLS }, { duplicate: false, ngrams_updated: 1 }],
  ['record_execution', { session_id: 'gone', tool_name: 'look_up', success: false }, { duplicate: false }],
  ['forget', { session_id: 'gone' }, { session_id: 'gone', executions: 1 }],
];

/** What it can look at afterwards, in any order. */
const INSIGHT: readonly Step[] = [
  ['next_tool_by_sequence', { recent_tools: ['look_up'] }, { recommendations: [] }],
  ['suggest_parameters', { tool_name: 'look_up' }, { sample_size: 1 }],
  ['get_tool_metrics', {}, { tools: expect.any(Array) }],
  ['get_policy', { tool_name: 'look_up' }, { policies: [{ tool_name: 'look_up', visit_count: 1 }] }],
  ['get_history', { kind: 'episodes' }, { items: [{ session_id: 's' }] }],
  ['get_learning_stats', {}, { update_count: 1 }],
  ['evaluate_policy', {}, { verdict: { outcome: 'not enough data' } }],
  ['train', { batches: 1, batch_size: 1 }, { batches: 1, transitions: 1 }],
  ['reset_exploration', {}, { exploration_rate: 0.1 }],
];

/** A run takes most of a second, so that several go side by side; on a busy machine they take much longer. */
const LANES = 2;
const PATIENCE_MS = 180_000;

async function call(db: string, name: string, args: object): Promise<Inspection> {
  return inspect(db, ['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args)]);
}

async function expectStep(db: string, [tool, args, wanted]: Step): Promise<void> {
  const { code, result, stderr } = await call(db, tool, args);
  expect(code, `${tool}: ${stderr}`).toBe(0);
  expect(result?.['structuredContent'], tool).toMatchObject(wanted);
}

describe.concurrent('the MCP Inspector with mcp.json', { timeout: PATIENCE_MS }, () => {
  it('greets', async () => {
    const { code, result } = await inspect(temporaryDatabase(), ['--method', 'initialize']);
    expect(code).toBe(0);
    expect(result).toMatchObject({
      serverInfo: { name: 'toolwise' },
      protocolVersion: '2025-11-25',
      instructions: expect.stringContaining('record_execution'),
    });
  });

  it('finds no error and no warning in the schemas under --strict', async () => {
    const { code, result, stderr } = await inspect(temporaryDatabase(), ['--strict', '--method', 'tools/list']);
    expect(code).toBe(0);
    expect(result?.['tools']).toHaveLength(new Set([...SESSION, ...INSIGHT].map(([tool]) => tool)).size);
    expect(stderr).not.toMatch(/warning|error/i);
  });

  it('calls every tool in one session', async () => {
    const db = temporaryDatabase();
    for (const step of SESSION) await expectStep(db, step);
    const waiting = [...INSIGHT];
    const lane = async () => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await expectStep(db, step);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });

  it('exits with 5 for a tool that reports an error and for an unknown tool', async () => {
    const db = temporaryDatabase();
    const [refused, unknown] = await Promise.all([
      call(db, 'submit_feedback', { execution_id: 'unheard-of', rating: 3 }),
      call(db, 'no_such_tool', {}),
    ]);
    expect(refused.code).toBe(5);
    expect(refused.result).toMatchObject({ isError: true });
    expect(unknown.code).toBe(5);
    expect(unknown.stderr).toContain('no_such_tool');
  });

  it('lists and reads resources and prompts', async () => {
    const db = temporaryDatabase();
    const uris = ['toolwise://stats', 'toolwise://tools'];
    const [listed, templates, prompts, plan, ...reads] = await Promise.all([
      inspect(db, ['--method', 'resources/list']),
      inspect(db, ['--method', 'resources/templates/list']),
      inspect(db, ['--method', 'prompts/list']),
      inspect(db, ['--method', 'prompts/get', '--prompt-name', 'plan_with_tools', '--prompt-args', `query=${QUERY}`]),
      ...uris.map((uri) => inspect(db, ['--method', 'resources/read', '--uri', uri])),
    ]);
    expect([listed, templates, prompts, plan, ...reads].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(JSON.stringify(listed.result)).toContain(uris[0]);
    expect(JSON.stringify(templates.result)).toContain('toolwise://sessions/{');
    expect(JSON.stringify(prompts.result)).toContain('review_session');
    expect(JSON.stringify(plan.result)).toContain(QUERY);
    expect(reads.map(({ result }) => result)).toMatchObject(uris.map((uri) => ({ contents: [{ uri }] })));
  });
});
