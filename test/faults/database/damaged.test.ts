import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import { StorageError } from '../../../src/errors.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { increment, readCounters } from '../../../src/store/learner.ts';
import { callOf } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { useServers } from '../../helpers/stdio-client.ts';
import { copyOf, recordedDatabase, refusal, sha256Of } from './support.ts';

const FLIPS = isLong ? 200 : 40;
const PAGE_BYTES = 2048;
const QUESTION = { query: 'find entity 1 of the ledger' };

const CALLS = [
  ['record_execution', callOf('late', 0)],
  ['recommend_tools', QUESTION],
  ['get_history', { kind: 'executions' }],
] as const;

const start = useServers();
const uniform = seededUniform(10);

let whole: string;
beforeAll(async () => {
  whole = await recordedDatabase(60);
});

const REFUSED: readonly (readonly [string, (file: string) => void])[] = [
  ['whose first page is zeroed', (file) => overwrite(file, 0, Buffer.alloc(PAGE_BYTES))],
  ['that is text', (file) => writeFileSync(file, 'Dear diary, '.repeat(5_000))],
  ['that is cut in half', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['that is cut inside its first page', (file) => truncateSync(file, 700)],
  ['that has only a header', (file) => truncateSync(file, 100)],
];

function overwrite(file: string, at: number, bytes: Buffer): void {
  const content = readFileSync(file);
  bytes.copy(content, at);
  writeFileSync(file, content);
}

/** One to eight bits, anywhere. */
function flipBits(file: string): void {
  const content = readFileSync(file);
  for (let bits = 1 + Math.floor(8 * uniform()); bits > 0; bits--) {
    const at = Math.floor(content.length * uniform());
    content[at] = (content[at] ?? 0) ^ (1 << Math.floor(8 * uniform()));
  }
  writeFileSync(file, content);
}

describe('a damaged file', () => {
  it('F10 that SQLite cannot read: calls say what to do, the server goes on, and the file stays as it is', async () => {
    const db = copyOf(whole);
    const server = await start({ db });
    for (const [what, damage] of REFUSED) {
      copyFileSync(whole, db);
      damage(db);
      const before = sha256Of(db);
      for (const [tool, args] of CALLS) expect(await refusal(server, tool, args), what).toMatch(/damaged.*toolwise doctor/);
      expect(await server.result('ping')).toEqual({});
      expect(sha256Of(db), what).toBe(before);
    }
    copyFileSync(whole, db); // a backup is put back
    expect((await server.ask('record_execution', callOf('late', 0))).duplicate).toBe(false);
  });

  it('F10 that is empty is a new database, and what was there before is told', async () => {
    const db = copyOf(whole, ['-mark']);
    truncateSync(db, 0);
    const server = await start({ db });
    await server.ask('record_execution', callOf('first', 0));
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: 1 });
    expect(server.stderr).toMatch(/is empty, but a database with 60 executions was there before: was it moved or deleted/);
  });

  it(`F10 with flipped bits, ${FLIPS} times: it works or it is refused as damaged, and then it is not written`, async () => {
    const outcomes = { worked: 0, refused: 0, failed: 0 };
    for (let n = 0; n < FLIPS; n++) {
      const file = copyOf(whole);
      flipBits(file);
      const before = sha256Of(file);
      const outcome = await use(file);
      outcomes[outcome] += 1;
      if (outcome === 'refused') expect(sha256Of(file)).toBe(before);
    }
    expect(outcomes.worked).toBeGreaterThan(FLIPS / 3);
    console.info(`flipped bits: ${JSON.stringify(outcomes)}`);
  });

  it('F10 that becomes damaged while it is open: reads that meet it are refused, the server goes on', async () => {
    const db = copyOf(whole);
    const server = await start({ db });
    await server.ask('get_learning_stats');
    const pages = Math.floor(statSync(db).size / PAGE_BYTES);
    for (let page = 1; page < pages; page += 1) overwrite(db, page * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, 0xff));
    const texts = [];
    const asked = [...CALLS, ['get_tool_metrics', {}], ['get_policy', {}], ['get_learning_stats', {}]] as const;
    for (const [tool, args] of asked) {
      const { isError, content } = await server.call(tool, args);
      if (isError === true) texts.push(content[0]?.text);
    }
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toMatch(/damaged.*toolwise doctor|failed inside toolwise/);
    expect(await server.result('ping')).toEqual({});
  });
});

/** Opens, reads, examines and writes. Only an error that says what to do counts. */
async function use(file: string): Promise<'worked' | 'refused' | 'failed'> {
  const opening = await openDatabase(file).catch((error: unknown) => error);
  if (opening instanceof Error) {
    expect(opening).toBeInstanceOf(StorageError);
    return 'refused';
  }
  const database = opening as Awaited<ReturnType<typeof openDatabase>>;
  try {
    await database.read(readCounters);
    await database.integrity();
    await database.write((trx) => increment(trx, 'batch_count'));
    return 'worked';
  } catch (error) {
    expect(error).toBeInstanceOf(StorageError);
    return 'failed';
  } finally {
    await database.close();
  }
}
