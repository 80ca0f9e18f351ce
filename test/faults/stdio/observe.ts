import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { StdioClient } from '../../helpers/stdio-client.ts';
import { faultsOf, type Message, parseLine } from '../../helpers/wire-schema.ts';

export const PING = '{"jsonrpc":"2.0","id":"ping","method":"ping"}';
export const RECORD = { session_id: 'a', tool_name: 'search', success: true, query: 'find it' };

/** Takes the replies from line `from` on, to requests of this method that were written past the client; each must fit the protocol. */
export function takeReplies(client: StdioClient, from: number, method: string): readonly Message[] {
  const lines = client.lines.splice(from);
  expect(lines.flatMap((line) => faultsOf(line, () => method))).toEqual([]);
  return lines.flatMap((line) => parseLine(line) ?? []);
}

/** Largest resident memory of the server so far, MB; NaN where the system does not tell (all but Linux). */
export function peakMemory(client: StdioClient): number {
  const file = `/proc/${client.child.pid}/status`;
  return existsSync(file) ? Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024 : Number.NaN;
}

export function expectPeakBelow(client: StdioClient, limit_mb: number): void {
  const peak_mb = peakMemory(client);
  if (!Number.isNaN(peak_mb)) expect(peak_mb, 'resident memory in MB').toBeLessThan(limit_mb);
}

/** Whether a process runs: one that is dead, but that nobody waits for, does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const file = `/proc/${pid}/stat`;
  return !existsSync(file) || !/\) [ZX] /.test(readFileSync(file, 'utf8'));
}

/** A closed database leaves no log file beside it. */
export function expectClosed(db: string): void {
  expect(existsSync(`${db}-wal`), 'a -wal file is left: the database was not closed').toBe(false);
}

/** A flag for NODE_OPTIONS that runs this code in the server before toolwise starts: a bug of ours or of a dependency. */
export function preload(code: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}
