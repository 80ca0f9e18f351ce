import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { firstValueOf, rowsOf } from '../../helpers/database-file.ts';
import { expectSound } from '../../helpers/doctor.ts';
import { brokenInvariants } from '../../helpers/invariants.ts';
import { callsOf, expectTotals, sendAll } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { runServer, script } from '../../helpers/run-server.ts';
import { useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { Version2 } from '../../helpers/version-2-file.ts';

/** The end of stage 2: schema version 2. */
const OLD_COMMIT = '5eb1000';
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EACH = isLong ? 400 : 60;

const start = useServers();

/** Whether the sources of the old version can be had here. */
function canBuildOld(): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', `${OLD_COMMIT}^{commit}`], { cwd: ROOT, stdio: 'ignore' });
    return existsSync(join(ROOT, 'node_modules', 'esbuild'));
  } catch {
    return false;
  }
}

/** Builds the old version in a folder of its own; the path of its server. */
function builtOld(): string {
  const folder = temporaryDirectory();
  const sources = execFileSync('git', ['archive', OLD_COMMIT], { cwd: ROOT, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: sources });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: folder, stdio: 'ignore' });
  return join(folder, 'dist', 'toolwise.js');
}

describe('an old and a new version on one file', () => {
  it('F14 a process of schema version 2 goes on recording while new ones do: no row is lost, every sum is exact', async () => {
    const db = temporaryDatabase();
    const old = new Version2(db);
    const before = callsOf('before', 30);
    old.record(before);
    const clients = await Promise.all([start({ db }), start({ db })]);
    const written = callsOf('old', EACH);
    const oldWork = async () => {
      for (const call of written) {
        old.record([call]);
        await setImmediate();
      }
    };
    await Promise.all([oldWork(), ...clients.map((client, at) => sendAll(client, callsOf(`new${at}`, EACH)))]);
    old.close();
    const calls = [...before, ...written, ...callsOf('new0', EACH), ...callsOf('new1', EACH)];
    for (const client of clients) await expectTotals(client, calls);
    expect(Number(firstValueOf(db, 'PRAGMA user_version'))).toBeGreaterThan(2);
    await expectSound(db, { older_writers: true });
  });

  it('F14 what version 2 recorded can be rated, shown and replayed by the new one', async () => {
    const db = temporaryDatabase();
    const old = new Version2(db);
    const calls = callsOf('before', 40);
    old.record(calls);
    old.close();
    const client = await start({ db, args: ['--toolsets', 'agent,insight,admin'] });
    await expectTotals(client, calls);
    expect(await client.ask('submit_feedback', { execution_id: 'before-3', rating: 5 })).toMatchObject({
      reward_after: expect.any(Number),
    });
    expect((await client.ask('get_history', { kind: 'executions', limit: 500 })).items).toHaveLength(40);
    expect(await client.ask('train', { batches: 1 })).toMatchObject({ batches: 1, transitions: 32 });
    expect(brokenInvariants(db)).toEqual([]);
  });

  it.runIf(isLong && canBuildOld())('F14 the built server of stage 2 and this one record together: no row is lost', async () => {
    const db = temporaryDatabase();
    const server = builtOld();
    const oldCalls = callsOf('old', EACH);
    const requests = oldCalls.map((call) => ({ method: 'tools/call', params: { name: 'record_execution', arguments: call } }));
    const old = runServer(['--db', db], { server, input: script(requests), timeout: 120_000 });
    await expect
      .poll(() => existsSync(db) && rowsOf(db, "SELECT 1 FROM sqlite_schema WHERE name = 'executions'").length, { timeout: 20_000 })
      .toBe(1);
    await expect.poll(() => Number(firstValueOf(db, 'SELECT count(*) FROM executions')), { timeout: 20_000 }).toBeGreaterThan(0);
    const client = await start({ db });
    await sendAll(client, callsOf('new', EACH));
    const { code, stdout } = await old;
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.includes('"isError":true'))).toEqual([]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(EACH + 1);
    await expectTotals(client, [...oldCalls, ...callsOf('new', EACH)]);
    await expectSound(db, { older_writers: true });
  });

  it.runIf(isLong && canBuildOld())(
    'F14 the server of stage 2, started on a file of this one, says which versions differ and leaves it alone',
    async () => {
      const client = await start();
      await sendAll(client, callsOf('new', 20));
      const call = { method: 'tools/call', params: { name: 'record_execution', arguments: callsOf('old', 1)[0] ?? {} } };
      const { stdout, stderr } = await runServer(['--db', client.db], { server: builtOld(), input: script([call]) });
      expect(stdout).toContain('"isError":true');
      expect(stderr).toMatch(/version 3.* 2/);
      await expectTotals(client, callsOf('new', 20));
      await expectSound(client.db);
    },
  );
});
