import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../../src/engine/evaluate-policy.ts';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { getToolMetrics } from '../../src/engine/get-tool-metrics.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { readLogShape } from '../../src/store/inspection.ts';
import { pruneOldest, readUsage } from '../../src/store/pruning.ts';
import { firstValueOf, rowsOf } from '../helpers/database-file.ts';
import { testEngine } from '../helpers/engine.ts';
import { answersOf, recordAll, recordedWork } from '../helpers/recorded-work.ts';

type TestEngine = Awaited<ReturnType<typeof testEngine>>;

const TABLES = ['executions', 'feedback', 'episodes', 'requests', 'recommendations', 'transitions', 'replay_batches'];
const AGGREGATES = ['tools', 'action_values', 'ngrams', 'contexts', 'sessions', 'tool_sessions', 'registrations'];

function counts(file: string, tables: readonly string[]): Record<string, number> {
  return Object.fromEntries(tables.map((table) => [table, Number(firstValueOf(file, `SELECT count(*) FROM ${table}`))]));
}

/** One call that is recommended, recorded, sometimes rated, sometimes the last of an episode. */
async function work(engine: TestEngine, n: number): Promise<void> {
  const session_id = `session ${n % 7}`;
  const query = `request number ${Math.floor(n / 3)}`;
  await recommendTools(engine, { session_id, query, available_tools: ['search', 'read'] });
  const { execution_id } = await recordExecution(engine, {
    session_id,
    query,
    tool_name: n % 3 === 0 ? 'read' : 'search',
    success: n % 5 !== 0,
  });
  if (n % 4 === 0) await submitFeedback(engine, { execution_id, rating: 1 + (n % 5) });
  if (n % 10 === 0) await logEpisode(engine, { session_id, outcome: 'success' });
}

/** Waits for what is removed after the commits. */
async function settled(engine: TestEngine): Promise<void> {
  const { max_executions, max_bytes } = engine.settings;
  for (let [before, is_over] = [-1, true]; is_over; await sleep(100)) {
    const { executions, bytes } = await engine.read(readUsage);
    is_over = executions > max_executions || bytes > max_bytes || executions !== before;
    before = executions;
  }
}

async function expectWhole(engine: TestEngine): Promise<void> {
  expect(await engine.database.integrity()).toEqual([]);
  const shape = await engine.read(readLogShape);
  expect(shape.first_missing).toBeNull();
  expect(shape.places).toBe(shape.events);
  expect(shape.executions + shape.pruned_executions).toBe(shape.update_count);
  expect(shape.tool_calls).toBe(shape.update_count);
}

describe('retention', () => {
  it('keeps the newest executions and what belongs to them, and says how many went', async () => {
    const engine = await testEngine({ settings: { max_executions: 100 } });
    for (let n = 1; n <= 400; n++) await work(engine, n);
    await settled(engine);
    const { executions } = await engine.read(readUsage);
    expect(executions).toBeLessThanOrEqual(100);
    expect(executions).toBeGreaterThanOrEqual(95);
    expect(rowsOf(engine.file, 'SELECT min(seq) AS first, max(seq) AS last FROM executions')).toEqual([
      { first: 401 - executions, last: 400 },
    ]);
    expect(firstValueOf(engine.file, 'SELECT pruned_executions FROM log_state')).toBe(400 - executions);
    for (const [table, count] of Object.entries(counts(engine.file, TABLES))) expect(count, table).toBeLessThanOrEqual(200);
    await expectWhole(engine);
  });

  it('takes nothing away from what was learned', async () => {
    const [kept, pruned] = [await testEngine(), await testEngine({ settings: { max_executions: 100 } })];
    for (const engine of [kept, pruned]) {
      for (let n = 1; n <= 300; n++) await work(engine, n);
      await settled(engine);
    }
    expect(firstValueOf(pruned.file, 'SELECT pruned_executions FROM log_state')).toBeGreaterThan(150);
    const tables = AGGREGATES.filter((table) => table !== 'action_values');
    expect(counts(pruned.file, AGGREGATES)).toEqual(counts(kept.file, AGGREGATES));
    for (const table of tables.filter((name) => name !== 'sessions')) {
      expect(rowsOf(pruned.file, `SELECT * FROM ${table} ORDER BY 1, 2`), table).toEqual(
        rowsOf(kept.file, `SELECT * FROM ${table} ORDER BY 1, 2`),
      );
    }
    expect((await getToolMetrics(pruned, {})).tools).toEqual((await getToolMetrics(kept, {})).tools);
    expect(await answersOf(pruned)).toEqual(await answersOf(kept));
  });

  it('leaves a restart with the learner that has learned from what is gone', async () => {
    const engine = await testEngine({ settings: { max_executions: 100 } });
    for (let n = 1; n <= 250; n++) await work(engine, n);
    await settled(engine);
    const before = await answersOf(engine);
    await engine.close();
    expect(await answersOf(await testEngine({ file: engine.file }))).toEqual(before);
  });

  it('brings a process that slept meanwhile to the same learner', async () => {
    const sleeper = await testEngine();
    await work(sleeper, 1);
    await answersOf(sleeper);
    await sleep(50); // it has learned what there is, and now sleeps
    const engine = await testEngine({ file: sleeper.file, settings: { max_executions: 100 } });
    for (let n = 2; n <= 300; n++) await work(engine, n);
    await settled(engine);
    expect(firstValueOf(engine.file, 'SELECT pruned_position FROM log_state')).toBeGreaterThan(100);
    expect(await answersOf(sleeper)).toEqual(await answersOf(engine));
  });

  it('removes nothing that the stored learner does not know', async () => {
    const engine = await testEngine({ settings: { ranker: 'reference' } });
    await recordAll(engine, recordedWork(300));
    const known = Number(firstValueOf(engine.file, 'SELECT log_position FROM executions WHERE seq = 120'));
    const prune = () => engine.database.write((trx) => pruneOldest(trx, { executions: 100, rows: 500, known_position: known }));
    for (let rows = 1; rows > 0; ) ({ rows } = await prune());
    const late = Number(firstValueOf(engine.file, `SELECT coalesce(min(execution_seq), 1000) FROM feedback WHERE log_position > ${known}`));
    expect(firstValueOf(engine.file, 'SELECT min(seq) FROM executions')).toBe(Math.min(121, late));
    expect(firstValueOf(engine.file, 'SELECT pruned_position FROM log_state')).toBeLessThanOrEqual(known);
    await expectWhole(engine);
  });

  it('has the learner stored first where nothing stored it, whatever ranks', async () => {
    const engine = await testEngine({ settings: { ranker: 'backoff', max_executions: 100 } });
    for (let n = 1; n <= 160; n++) await work(engine, n);
    await settled(engine);
    expect((await engine.read(readUsage)).executions).toBeLessThanOrEqual(100);
    const known = Number(firstValueOf(engine.file, 'SELECT log_position FROM learner_snapshots'));
    expect(known).toBeGreaterThanOrEqual(Number(firstValueOf(engine.file, 'SELECT pruned_position FROM log_state')));
  });

  it('removes few rows at a time, the newest never', async () => {
    const engine = await testEngine();
    for (let n = 1; n <= 200; n++) await work(engine, n);
    const all = counts(engine.file, TABLES);
    const batches: number[] = [];
    for (let rows = 1; rows > 0; batches.push(rows)) {
      ({ rows } = await engine.database.write((trx) => pruneOldest(trx, { executions: 60, rows: 90, known_position: 1e9 })));
      await expectWhole(engine);
    }
    expect(Math.max(...batches)).toBeLessThanOrEqual(90);
    const left = counts(engine.file, TABLES);
    expect(left).toMatchObject({ executions: 1, transitions: 1, episodes: 1 });
    expect(left['requests']).toBeLessThanOrEqual(2);
    expect(left['recommendations']).toBeLessThanOrEqual(2);
    const removed = Object.keys(all).reduce((sum, table) => sum + (all[table] ?? 0) - (left[table] ?? 0), 0);
    expect(batches.reduce((sum, rows) => sum + rows, 0)).toBe(removed);
  });

  it('goes by bytes, too, and gives pages back', async () => {
    const engine = await testEngine({ settings: { max_bytes: 4_194_304 } });
    const result = 'x'.repeat(1_900);
    for (let n = 1; n <= 3_000; n++) await recordExecution(engine, { session_id: `s${n % 9}`, tool_name: 'read', success: true, result });
    await settled(engine);
    const { executions, bytes } = await engine.read(readUsage);
    expect(bytes).toBeLessThanOrEqual(4_194_304);
    expect(executions).toBeGreaterThan(500);
    expect(executions).toBeLessThan(2_500);
    expect(Number(firstValueOf(engine.file, 'PRAGMA page_count')) * Number(firstValueOf(engine.file, 'PRAGMA page_size'))).toBeLessThan(
      6_000_000,
    );
    await expectWhole(engine);
  });

  it('says once that what was learned alone is larger than the limit', async () => {
    const said: string[] = [];
    const log = { warn: (message: string) => said.push(message), error: (message: string) => said.push(message) };
    const engine = await testEngine({ log, settings: { max_bytes: 200_000 } });
    for (let n = 1; n <= 150; n++) await work(engine, n);
    for (let turn = 0; said.length === 0 && turn < 100; turn++) {
      await sleep(20);
      await work(engine, 150 + turn);
    }
    await sleep(100);
    expect(said).toEqual([expect.stringMatching(/larger than --max-bytes .* give it more$/)]);
    expect((await engine.read(readUsage)).executions).toBeGreaterThanOrEqual(95);
  });

  it('does nothing below the limits and nothing in read-only mode', async () => {
    const engine = await testEngine({ settings: { max_executions: 1_000 } });
    for (let n = 1; n <= 150; n++) await work(engine, n);
    await settled(engine);
    expect(firstValueOf(engine.file, 'SELECT pruned_executions FROM log_state')).toBe(0);
    const reader = await testEngine({ file: engine.file, settings: { max_executions: 100, read_only: true } });
    await recommendTools(reader, { query: 'x', available_tools: ['read'] });
    await reader.close();
    expect(firstValueOf(engine.file, 'SELECT count(*) FROM executions')).toBe(150);
  });
});

describe('after rows were removed', () => {
  async function prunedEngine(): Promise<TestEngine> {
    const engine = await testEngine({ settings: { max_executions: 100 } });
    for (let n = 1; n <= 300; n++) await work(engine, n);
    await settled(engine);
    return engine;
  }

  it('evaluate judges what is left, and counts it', async () => {
    const engine = await prunedEngine();
    const { executions } = await engine.read(readUsage);
    expect(await evaluatePolicy(engine)).toMatchObject({ executions });
    expect(await evaluatePolicy(engine, { max_executions: 50 })).toMatchObject({ executions: 50 });
  });

  it('stats count every call ever learned from, and join the advice that is left', async () => {
    const engine = await prunedEngine();
    const stats = await getLearningStats(engine);
    expect(stats.update_count).toBe(300);
    expect(stats.recommendations.made).toBe(firstValueOf(engine.file, 'SELECT count(*) FROM recommendations'));
    expect(stats.recommendations.success_when_followed).not.toBeNull();
    const orphans =
      'SELECT count(*) FROM recommendations AS r WHERE execution_seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM executions WHERE seq = execution_seq)';
    expect(firstValueOf(engine.file, orphans)).toBeLessThanOrEqual(7);
  });

  it('numbers go on: no key is used twice', async () => {
    const engine = await prunedEngine();
    const keys = () =>
      rowsOf(
        engine.file,
        `SELECT (SELECT max(feedback_seq) FROM feedback) AS f, (SELECT max(request_id) FROM requests) AS q,
      (SELECT max(episode_seq) FROM episodes) AS e, (SELECT max(recommendation_seq) FROM recommendations) AS r`,
      )[0] ?? {};
    const before = keys();
    for (let n = 301; n <= 320; n++) await work(engine, n);
    for (const [name, key] of Object.entries(keys())) expect(Number(key), name).toBeGreaterThan(Number(before[name]));
  });

  it('a rating number goes on where no rating is left', async () => {
    const engine = await testEngine({ settings: { ranker: 'reference' } });
    for (let n = 1; n <= 42; n++) await work(engine, n);
    await engine.database.write(async (trx) => {
      for (let rows = 1; rows > 0; ) ({ rows } = await pruneOldest(trx, { executions: 50, rows: 500, known_position: 1e9 }));
    });
    expect(firstValueOf(engine.file, 'SELECT count(*) FROM feedback')).toBe(0);
    await work(engine, 44);
    expect(firstValueOf(engine.file, 'SELECT max(feedback_seq) FROM feedback')).toBeGreaterThan(10);
  });

  it('a process that remembers removed transitions replays the ones that are left', async () => {
    const engine = await testEngine({ hyperparameters: { batch_size: 8 }, settings: { ranker: 'reference' } });
    for (let n = 1; n <= 100; n++) await work(engine, n);
    const other = await testEngine({ file: engine.file, settings: { ranker: 'reference' } });
    await other.database.write(async (trx) => {
      for (let rows = 1; rows > 0; ) ({ rows } = await pruneOldest(trx, { executions: 50, rows: 500, known_position: 1e9 }));
    });
    for (let n = 101; n <= 140; n++) await work(engine, n);
    const sizes = rowsOf(engine.file, 'SELECT size FROM replay_batches WHERE after_seq > 110').map(({ size }) => size);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.every((size) => size === 8)).toBe(true);
  });

  it('a rating of the first call that is left revises only values that it surely taught', async () => {
    const engine = await testEngine({ settings: { ranker: 'reference' } });
    await recordExecution(engine, { session_id: 'other', query: 'find it', tool_name: 'read', success: true });
    await recordExecution(engine, { session_id: 's', query: 'find it', tool_name: 'search', success: true });
    const { execution_id } = await recordExecution(engine, { session_id: 's', query: 'find it', tool_name: 'read', success: true });
    await recordExecution(engine, { session_id: 's', query: 'find it', tool_name: 'read', success: true });
    await engine.database.write((trx) => pruneOldest(trx, { executions: 2, rows: 500, known_position: 1e9 }));
    const values = () =>
      new Map(
        rowsOf(
          engine.file,
          `SELECT c.level || c.context_hash AS context, v.q_value FROM action_values AS v JOIN contexts AS c ON c.context_id = v.context_id
          JOIN tools AS t ON t.tool_id = v.tool_id WHERE t.name = 'read'`,
        ).map(({ context, q_value }) => [String(context), q_value]),
      );
    const before = values();
    await submitFeedback(engine, { execution_id, rating: 1 });
    const changed = [...values()]
      .filter(([context, value]) => before.get(context) !== value)
      .map(([context]) => context.replace(/[0-9a-f]{64}$/, ''));
    expect(changed.sort()).toEqual(['exact', 'request']);
  });
});
