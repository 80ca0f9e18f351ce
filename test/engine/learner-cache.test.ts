import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { getLearningStats } from '../../src/engine/get-learning-stats.ts';
import { SNAPSHOT_FORMAT } from '../../src/engine/learner-snapshot.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { increment } from '../../src/store/learner.ts';
import { logPosition, readSeed, readSnapshot, writeSnapshot } from '../../src/store/learner-snapshots.ts';
import { insertRequest } from '../../src/store/sessions.ts';
import { temporaryFolder, testEngine } from '../helpers/engine.ts';
import { answersOf, recordAll, recordedWork } from '../helpers/recorded-work.ts';

const freshFile = () => join(temporaryFolder(), 'test.db');
const readOnly = (file: string) => testEngine({ file, settings: { read_only: true } });

function snapshotIn(file: string): { log_position: number; format: number; created_at_ms: number } | undefined {
  const sqlite = new Sqlite(file, { readonly: true });
  const row = sqlite.prepare('SELECT log_position, format, created_at_ms FROM learner_snapshots').get();
  sqlite.close();
  return row as { log_position: number; format: number; created_at_ms: number } | undefined;
}

/** What a learner that has seen the whole log of this file at once answers. */
async function answersFromTheLog(file: string) {
  const sqlite = new Sqlite(file);
  const copy = freshFile();
  await sqlite.backup(copy);
  sqlite.close();
  const copied = new Sqlite(copy);
  copied.exec('DELETE FROM learner_snapshots');
  copied.close();
  return await answersOf(await readOnly(copy));
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 10_000) throw new Error('waited too long');
    await sleep(20);
  }
}

describe('a snapshot and the events after it', () => {
  const work = recordedWork(420);

  test.each([110, 215, 300, 419])('rank bit for bit like uninterrupted learning, interrupted at deed %i', async (cut) => {
    const uninterrupted = await testEngine();
    await recordAll(uninterrupted, work);
    const file = freshFile();
    const first = await testEngine({ file });
    await recordAll(first, work.slice(0, cut));
    await first.learner.catchUp();
    await first.close();
    const position = snapshotIn(file)?.log_position ?? 0;
    expect(position).toBeGreaterThan(50);
    const second = await testEngine({ file });
    await recordAll(second, work.slice(cut));
    expect(await answersOf(second)).toEqual(await answersOf(uninterrupted));
    expect(await second.read(logPosition)).toBeGreaterThanOrEqual(position);
  });

  test('of one process rank like the log alone, learned at once', async () => {
    const engine = await testEngine();
    await recordAll(engine, work);
    expect(await answersFromTheLog(engine.file)).toEqual(await answersOf(engine));
  });
});

describe('the snapshot', () => {
  test('is not written by a process that learned little', async () => {
    const file = freshFile();
    const engine = await testEngine({ file });
    await recordAll(engine, recordedWork(40));
    await answersOf(engine);
    await engine.close();
    expect(snapshotIn(file)).toBeUndefined();
  });

  test('is written while serving, after 1,000 events', async () => {
    const engine = await testEngine();
    const tools = (from: number) => Array.from({ length: 500 }, (_, at) => ({ name: `tool_${from + at}`, description: 'one of many' }));
    await registerTools(engine, { tools: tools(0) });
    await sleep(300);
    expect(snapshotIn(engine.file)).toBeUndefined();
    await registerTools(engine, { tools: tools(500) });
    await until(() => snapshotIn(engine.file) !== undefined);
    expect(snapshotIn(engine.file)).toMatchObject({ log_position: 1_000, format: SNAPSHOT_FORMAT });
  });

  test('is read and never written in read-only mode', async () => {
    const file = freshFile();
    const writer = await testEngine({ file });
    await recordAll(writer, recordedWork(150));
    const answers = await answersOf(writer);
    await writer.close();
    const before = snapshotIn(file);
    expect(before?.log_position).toBeGreaterThan(100);
    const unlearned = await testEngine({ file, settings: { ranker: 'backoff' } });
    await recordAll(unlearned, recordedWork(400).slice(150));
    await unlearned.close();
    const reader = await readOnly(file);
    expect(await answersOf(reader)).not.toEqual(answers);
    expect(await answersOf(reader)).toEqual(await answersFromTheLog(file));
    await reader.close();
    expect(snapshotIn(file)).toEqual(before);
  });

  test.each([
    ['damaged', { format: SNAPSHOT_FORMAT, payload: 'bm8gbGVhcm5lcg==' }],
    ['of another version', { format: SNAPSHOT_FORMAT + 1, payload: 'whatever' }],
  ])('that is %s is dropped with one warning, and nothing is lost but time', async (_, broken) => {
    const file = freshFile();
    const writer = await testEngine({ file });
    await recordAll(writer, recordedWork(150));
    const answers = await answersOf(writer);
    const log_position = await writer.read(logPosition);
    await writer.close();
    const vandal = await testEngine({ file });
    await vandal.write((trx) => writeSnapshot(trx, { log_position, created_at_ms: 1, ...broken }));
    await vandal.close();
    const warnings: string[] = [];
    const log = { warn: (message: string) => warnings.push(message), error: (message: string) => warnings.push(message) };
    const engine = await testEngine({ file, log });
    expect(await answersOf(engine)).toEqual(answers);
    expect(warnings).toEqual(['the stored snapshot of the learner cannot be used; it is rebuilt from the log']);
    await engine.close();
    expect(snapshotIn(file)?.created_at_ms).not.toBe(1);
  });
});

describe('two engines on one file', () => {
  test('each ranks with what the other has just recorded', async () => {
    const file = freshFile();
    const [one, two] = [await testEngine({ file }), await testEngine({ file })];
    for (const [at, deed] of recordedWork(120).entries()) {
      await deed(at % 3 === 0 ? two : one);
      if (at % 30 === 29) expect(await answersOf(one)).toEqual(await answersOf(two));
    }
    expect(await answersOf(two)).toEqual(await answersFromTheLog(file));
  });
});

describe('a transaction that fails', () => {
  test('leaves nothing in the learner', async () => {
    const engine = await testEngine();
    await recordAll(engine, recordedWork(60));
    const before = await answersOf(engine);
    const failing = engine.write(async (trx) => {
      const { log_position } = await increment(trx, 'log_position');
      await insertRequest(trx, { log_position, session_id: 1, query: 'never committed', created_at_ms: 1 });
      throw new Error('halfway');
    });
    await expect(failing).rejects.toThrow('halfway');
    const call = { session_id: 'session 0', tool_name: 'mail_send', success: true, recommendation_id: 'made-up' };
    await expect(recordExecution(engine, call)).rejects.toThrow('made-up');
    expect(await answersOf(engine)).toEqual(before);
    await recordAll(engine, recordedWork(90).slice(60));
    expect(await answersOf(engine)).toEqual(await answersFromTheLog(engine.file));
  });
});

describe('the learner of a database', () => {
  test('is not touched by a server that is only looked at', async () => {
    const engine = await testEngine();
    await getLearningStats(engine);
    expect(await engine.read(readSeed)).toBeUndefined();
  });

  test('keeps the seed that it was made with', async () => {
    const file = freshFile();
    const first = await testEngine({ file, settings: { seed: 11 } });
    await recordAll(first, recordedWork(120));
    const answers = await answersOf(first);
    await first.close();
    const second = await testEngine({ file, settings: { seed: 12 } });
    expect(await answersOf(second)).toEqual(answers);
    expect(await second.read(readSeed)).toBe(11);
  });

  test('makes requests wait for a long log rather than answer from half of it', async () => {
    const file = freshFile();
    const unlearned = await testEngine({ file, settings: { ranker: 'backoff' } });
    await recordAll(unlearned, recordedWork(700));
    await unlearned.close();
    const engine = await testEngine({ file });
    const ask = () => recommendTools(engine, { query: 'read the notes', top_k: 10, explain: true });
    const answers = (await Promise.all([ask(), ask(), ask()])).map(({ recommendations }) => recommendations);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect((await ask()).recommendations).toEqual(answers[0]);
  });

  test('is the same in another process, from the same log and seed', async () => {
    const engine = await testEngine();
    await recordAll(engine, recordedWork(150));
    const input = { query: 'send the report to Ann', top_k: 10, explain: true };
    const { recommendations } = await recommendTools(engine, input);
    const script = `
      import { openEngine } from '${process.cwd()}/src/engine/engine.ts';
      import { recommendTools } from '${process.cwd()}/src/engine/recommend-tools.ts';
      const { file, settings, input } = JSON.parse(process.argv[1]);
      const engine = await openEngine({ file, settings, clock: Date.now, log: console });
      console.log(JSON.stringify((await recommendTools(engine, input)).recommendations));
      await engine.close();`;
    const given = JSON.stringify({ file: engine.file, settings: { ...engine.settings, seed: 99, read_only: true }, input });
    const args = ['--import', './scripts/sql-loader.ts', '--input-type=module', '-e', script, given];
    expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toEqual(recommendations);
  });

  test('stores one snapshot for all processes that learn the same events', async () => {
    const file = freshFile();
    const [one, two] = [await testEngine({ file }), await testEngine({ file })];
    await recordAll(one, recordedWork(150));
    expect(await answersOf(two)).toEqual(await answersOf(one));
    await one.close();
    const stored = snapshotIn(file);
    await two.close();
    expect(snapshotIn(file)).toEqual(stored);
    expect(await (await testEngine({ file })).read(readSnapshot)).toBeDefined();
  });
});

test('a ranking is the same before and after its own request is in the log', async () => {
  const engine: Engine = await testEngine();
  await recordAll(engine, recordedWork(150));
  const ask = (session_id: string, query: string) => recommendTools(engine, { session_id, query, top_k: 10, explain: true });
  for (const [session_id, query] of [
    ['session 0', 'a new wish in a session under way'],
    ['session 0', 'find the mail of Bob'],
    ['a new session', 'send the report to Ann'],
  ] as const) {
    const before = await ask(session_id, query);
    expect((await ask(session_id, query)).recommendations).toEqual(before.recommendations);
  }
});
