import { chmodSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { callOf, callsOf, sendAll } from '../../helpers/load.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { AS_NOBODY, copyOf, giveToNobody, IS_ROOT, recordedDatabase, refusal, sha256Of } from './support.ts';

const READ_ONLY = /read-only: the database cannot be written; nothing was recorded, make the file and its folder writable/;
const QUESTION = { query: 'find entity 1 of the ledger' };

const start = useServers(afterAll); // the tests run side by side

/** Advises, answers and refuses, three times over. */
async function expectReadOnly(server: StdioClient, executions: number): Promise<void> {
  for (let n = 0; n < 3; n++) {
    expect((await server.ask('recommend_tools', QUESTION)).recommendations.length).toBe(executions === 0 ? 0 : 5);
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: executions });
    expect(await refusal(server, 'record_execution', callOf('late', 0))).toMatch(READ_ONLY);
  }
  expect(server.stderr.match(/cannot be written: toolwise answers from what it holds and records nothing/g)).toHaveLength(1);
}

/** Once it is writable, the same process records. */
async function expectRecovery(server: StdioClient, executions: number): Promise<void> {
  expect((await server.ask('record_execution', callOf('late', 0))).duplicate).toBe(false);
  expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: executions + 1 });
  expect((await server.ask('recommend_tools', QUESTION)).recommendations.length).toBeGreaterThan(0);
  expect(server.stderr.match(/can be written again/g)).toHaveLength(1);
}

describe.skipIf(!IS_ROOT)('without the right to write (needs root, to give it up)', { concurrent: true }, () => {
  it.each([
    ['folder', { folder: 0o555, files: 0o600 }],
    ['folder and file', { folder: 0o555, files: 0o444 }],
    ['file', { folder: 0o755, files: 0o444 }],
  ])('F09 to the %s: the server starts, advises, refuses to record, and records when it may', async (_, modes) => {
    const db = copyOf(await recordedDatabase(30));
    giveToNobody(db, modes);
    const before = sha256Of(db);
    const server = await start({ db, env: AS_NOBODY });
    await expectReadOnly(server, 30);
    expect(sha256Of(db)).toBe(before);
    giveToNobody(db, { folder: 0o700, files: 0o600 });
    await expectRecovery(server, 30);
    expect(statSync(db).uid).not.toBe(0);
  });

  it('F09 what stands in the -wal file of a killed process is read, too', async () => {
    const server = await start({ db: await recordedDatabase(20) });
    await sendAll(server, callsOf('more', 15));
    server.child.kill('SIGKILL');
    await server.exited;
    const db = copyOf(server.db, ['-wal']);
    giveToNobody(db, { folder: 0o555, files: 0o400 });
    const reader = await start({ db, env: AS_NOBODY });
    await expectReadOnly(reader, 35);
    expect(existsSync(`${db}-shm`)).toBe(false);
    giveToNobody(db, { folder: 0o700, files: 0o600 });
    await expectRecovery(reader, 35);
  });

  it('F09 where there is no database yet', async () => {
    const db = temporaryDatabase();
    giveToNobody(db, { folder: 0o555, files: 0o600 });
    const server = await start({ db, env: AS_NOBODY });
    await expectReadOnly(server, 0);
    chmodSync(dirname(db), 0o700);
    await expectRecovery(server, 0);
  });

  it('F09 with --read-only: nothing is said, and nothing is written', async () => {
    const db = copyOf(await recordedDatabase(30));
    giveToNobody(db, { folder: 0o555, files: 0o444 });
    const server = await start({ db, env: AS_NOBODY, args: ['--read-only'] });
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: 30 });
    expect((await server.ask('recommend_tools', QUESTION)).recommendations.length).toBe(5);
    await server.stop();
    expect(server.stderr).toBe('');
  });
});
