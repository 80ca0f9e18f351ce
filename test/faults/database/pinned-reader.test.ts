import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/store/database.ts';
import { isLong } from '../../helpers/long.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { OtherProcess } from './support.ts';

const MIB = 1024 * 1024;
const WRITES = isLong ? 20_000 : 1_500;
/** So that the log passes its limit of 64 MiB in either case. */
const BYTES_A_WRITE = Math.ceil((80 * MIB) / WRITES);

describe('a reader that never ends', () => {
  it(`F07 during ${WRITES} writes: a warning at 64 MiB of write-ahead log, and it shrinks when the reader is gone`, async () => {
    const file = temporaryDatabase();
    const warnings: string[] = [];
    const database = await openDatabase(file, { log: { warn: (message) => void warnings.push(message) } });
    onTestFinished(() => database.close());
    await database.write((trx) => sql`CREATE TABLE big (k INTEGER PRIMARY KEY, b)`.execute(trx));
    const write = () => database.write((trx) => sql`INSERT OR REPLACE INTO big VALUES (1, randomblob(${BYTES_A_WRITE}))`.execute(trx));
    const reader = await OtherProcess.running(file, 'BEGIN', 'SELECT count(*) FROM big');
    for (let n = 0; n < WRITES; n++) await write();
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(64 * MIB);
    await sleep(150);
    await write();
    expect(warnings).toEqual([expect.stringMatching(/-wal has grown to \d+ MiB: some process has been reading/)]);
    await reader.end();
    for (let n = 0; n < 20; n++) await write();
    expect(statSync(`${file}-wal`).size).toBeLessThanOrEqual(64 * MIB);
    expect(warnings).toHaveLength(1);
  });
});
