import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { brokenInvariants } from '../../helpers/invariants.ts';
import { callOf } from '../../helpers/load.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { IS_ROOT, recordedDatabase, refusal } from './support.ts';

const MIB = 1024 * 1024;
const DISK_FULL = /disk full, not recorded: free some space/;
const QUESTION = { query: 'find entity 1 of the ledger' };

const start = useServers();

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'ignore' });
}

/** A disk of six megabytes. */
function smallDisk(): string {
  const folder = temporaryDirectory();
  run('mount', ['-t', 'tmpfs', '-o', 'size=6m,mode=0700', 'tmpfs', folder]);
  onTestFinished(() => run('umount', ['-l', folder]));
  return folder;
}

function canMount(): boolean {
  try {
    const folder = temporaryDirectory();
    run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    run('umount', [folder]);
    return true;
  } catch {
    return false;
  }
}

/** Takes all that is left of the disk. @returns gives it back */
function fill(folder: string): () => void {
  const filler = join(folder, 'filler');
  for (const bytes of [MIB, 64 * 1024, 4096]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
    } catch {} // full to this size
  }
  return () => rmSync(filler);
}

async function recordUntilFull(client: StdioClient): Promise<number> {
  for (let n = 0; n < 5_000; n++) {
    const { isError, content } = await client.call('record_execution', callOf('writer', n));
    if (isError !== true) continue;
    expect(content[0]?.text).toMatch(DISK_FULL);
    return n;
  }
  throw new Error('the disk was never full');
}

describe.skipIf(!IS_ROOT || !canMount())('a full disk (needs root and mount)', () => {
  it('F08 at a write: refused, nothing half-written, reads and advice go on, and it recovers by itself', async () => {
    const folder = smallDisk();
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(3 * MIB));
    const server = await start({ db: join(folder, 'x.db') });
    const recorded = await recordUntilFull(server);
    expect(recorded).toBeGreaterThan(5);
    expect(await refusal(server, 'record_execution', callOf('writer', recorded))).toMatch(DISK_FULL);
    const { recommendations } = await server.ask('recommend_tools', QUESTION);
    expect(recommendations.length).toBeGreaterThan(0);
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: recorded });
    rmSync(join(folder, 'ballast'));
    expect((await server.ask('record_execution', callOf('writer', recorded))).duplicate).toBe(false);
    await server.stop();
    expect(firstValueOf(server.db, 'SELECT count(*) FROM executions')).toBe(recorded + 1);
    expect(brokenInvariants(server.db)).toEqual([]);
  });

  it('F08 at the start: advice is given from what is there, records are refused, and it recovers by itself', async () => {
    const folder = smallDisk();
    const db = join(folder, 'x.db');
    copyFileSync(await recordedDatabase(30), db);
    const free = fill(folder);
    const server = await start({ db });
    for (let n = 0; n < 3; n++) {
      expect((await server.ask('recommend_tools', QUESTION)).recommendations.length).toBeGreaterThan(0);
      expect(await refusal(server, 'record_execution', callOf('late', 0))).toMatch(DISK_FULL);
    }
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: 30 });
    free();
    expect((await server.ask('record_execution', callOf('late', 0))).duplicate).toBe(false);
    expect(await server.ask('get_learning_stats')).toMatchObject({ update_count: 31 });
    await server.stop();
    expect(server.stderr.match(/cannot be written: toolwise answers from what it holds/g)).toHaveLength(1);
    expect(server.stderr.match(/can be written again/g)).toHaveLength(1);
    expect(brokenInvariants(db)).toEqual([]);
  });

  it('F08 at the start of a new database: advice from nothing, and it is made as soon as there is room', async () => {
    const folder = smallDisk();
    const free = fill(folder);
    const server = await start({ db: join(folder, 'x.db') });
    const tools = ['search', 'mail'];
    expect((await server.ask('recommend_tools', { ...QUESTION, available_tools: tools })).recommendations).toHaveLength(2);
    expect(await refusal(server, 'record_execution', callOf('first', 0))).toMatch(DISK_FULL);
    free();
    await server.ask('record_execution', callOf('first', 0));
    await server.stop();
    expect(firstValueOf(server.db, 'SELECT count(*) FROM executions')).toBe(1);
  });
});
