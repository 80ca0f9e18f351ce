import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { isLong } from '../../helpers/long.ts';
import { cleanEnvironment, SERVER, type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { expectClosed, isRunning, preload, RECORD } from './observe.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const LEAVES_WITHIN_MS = 2_000;
const TIMERS = preload('setInterval(() => {}, 50)');

const start = useServers();

async function startWithRecord(args: readonly string[] = []): Promise<StdioClient> {
  const client = await start({ args });
  await client.ask('record_execution', RECORD);
  return client;
}

async function expectLeaves(client: StdioClient, why: () => void): Promise<void> {
  const begin = performance.now();
  why();
  expect(await client.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - begin).toBeLessThan(LEAVES_WITHIN_MS);
}

/** Calls that are under way when `why` happens: those that were answered, and the one that was not, are in the database or not at all. */
async function expectLeavesBetween(client: StdioClient, count: number, why: () => void): Promise<void> {
  const replies = Array.from({ length: count }, () => client.ask('record_execution', RECORD));
  const outcomes = Promise.allSettled(replies);
  await replies[0];
  await expectLeaves(client, why);
  const answered = (await outcomes).filter(({ status }) => status === 'fulfilled').length;
  expectClosed(client.db);
  expect(firstValueOf(client.db, 'SELECT count(*) FROM executions')).toBe(1 + answered);
}

describe('a signal', () => {
  it.each(SIGNALS)('F22 %s idle: exit 0 within 2 s, the database closed', async (signal) => {
    const client = await startWithRecord();
    await expectLeaves(client, () => client.child.kill(signal));
    expectClosed(client.db);
  });

  it.each(isLong ? SIGNALS : SIGNALS.slice(0, 1))(
    'F22 %s among the transactions of many calls: the same, and none is half done',
    async (signal) => {
      const client = await startWithRecord();
      await expectLeavesBetween(client, 2_000, () => client.child.kill(signal));
    },
  );

  it('F22 SIGTERM in a long call', async () => {
    const client = await startWithRecord(['--toolsets', 'agent,insight,admin']);
    await Promise.all(Array.from({ length: 60 }, () => client.ask('record_execution', RECORD)));
    const call = client.call('train', { batches: 50, batch_size: 50 }).catch(() => undefined);
    await sleep(20);
    await expectLeaves(client, () => client.child.kill('SIGTERM'));
    await call;
    expectClosed(client.db);
  });

  it('F22 SIGTERM after the end of stdin, with a client that does not read', async () => {
    const client = await startWithRecord();
    client.child.stdout.pause();
    const exited = once(client.child, 'exit');
    for (let n = 0; n < 50; n += 1) client.writeLine('{"jsonrpc":"2.0","id":"unread","method":"tools/list"}');
    client.child.stdin.end();
    await sleep(500);
    expect(client.child.exitCode, 'it left without a signal, though it had something to say').toBe(null);
    client.child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expectClosed(client.db);
    client.child.stdout.resume();
    await client.exited;
    client.lines.splice(0); // the last is cut
  });
});

describe('a pipe that the client closes', () => {
  it('F23 stdout: exit 0, the database closed, no stack trace', async () => {
    const client = await startWithRecord();
    await expectLeaves(client, () => {
      client.child.stdout.destroy();
      for (let n = 0; n < 20; n += 1) client.writeLine('{"jsonrpc":"2.0","id":"unread","method":"tools/list"}');
    });
    expect(client.stderr).not.toMatch(/\n\s+at |EPIPE/);
    expectClosed(client.db);
  });

  it('F23 stderr: it goes on, whatever it has to say', async () => {
    const client = await startWithRecord();
    client.child.stderr.destroy();
    for (let n = 0; n < 100; n += 1) client.writeLine('not json');
    await client.ask('record_execution', RECORD);
    expect((await client.end()).code).toBe(0);
    expectClosed(client.db);
  });
});

/** A parent that starts the server with this stdin, says its process id, and lives until it is killed. */
async function parentOfServer(stdin: 'pipe' | number): Promise<{ readonly parent: ChildProcess; readonly pid: number }> {
  const args = [SERVER, '--db', temporaryDatabase()];
  const code = `const options={stdio:[${stdin === 'pipe' ? '"pipe"' : 0},1,2]};setInterval(()=>{},1000);
    console.error('pid '+require('child_process').spawn(process.execPath,${JSON.stringify(args)},options).pid)`;
  const env = cleanEnvironment({ NODE_OPTIONS: TIMERS, TOOLWISE_LOG_LEVEL: 'info' });
  const parent = spawn(process.execPath, ['-e', code], { env, stdio: [stdin, 'pipe', 'pipe'] });
  let said = '';
  parent.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  await expect.poll(() => said, { timeout: 20_000 }).toMatch(/pid \d+[\s\S]* serves /);
  return { parent, pid: Number(/pid (\d+)/.exec(said)?.[1]) };
}

/** A pipe that never ends: we hold both of its ends. */
function endlessPipe(): number {
  const path = join(temporaryDirectory(), 'stdin');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, 'r+');
  onTestFinished(() => closeSync(fd));
  return fd;
}

describe('a parent that is killed -9', () => {
  it.each([
    ['its own pipe', () => 'pipe' as const],
    ['a pipe that somebody else holds open', endlessPipe],
  ])('F24 whose server reads %s: that is dead within 1 s, with timers active', async (_, stdin) => {
    const { parent, pid } = await parentOfServer(stdin());
    onTestFinished(() => void (isRunning(pid) && process.kill(pid, 'SIGKILL')));
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    const begin = performance.now();
    await expect.poll(() => isRunning(pid), { interval: 10, timeout: 5_000 }).toBe(false);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});
