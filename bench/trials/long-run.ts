import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { calls, inLanes, secondsOf } from '../load.ts';
import { residentBytes } from '../process-use.ts';
import { inScratch } from '../scratch.ts';
import { BARE_BUNDLED, type Server, start, TOOLWISE } from '../servers.ts';
import type { Report, Row, Table } from '../trial.ts';

export interface LongRunSize {
  /** Calls after which the memory is looked at, rising. */
  readonly looks: readonly number[];
}

const MIB = 1_048_576;
const SETTLE_MS = 1_000;
const LANES = 10;
const PART = 1_000;

/** Whether a server that is used for weeks keeps its size. */
export async function longRun({ looks }: LongRunSize, report: Report): Promise<Table> {
  const servers = [TOOLWISE, BARE_BUNDLED];
  const total = servers.length * looks.length;
  const rows: Row[] = [];
  for (const server of servers) rows.push(await measure(server, looks, (done) => report(rows.length * looks.length + done, total)));
  return {
    columns: [...looks.map((count) => `MiB after ${count.toLocaleString('en-US')}`), 'last / first', 'calls/s'],
    rows,
    notes: [
      `Resident memory of the process, ${SETTLE_MS / 1_000} s after the last of so many writes, ${LANES} at a time, in one process: those of the trial of record_execution.`,
      'server-memory rewrites its whole file at each write: so many different entities would take it hours.',
    ],
  };
}

async function measure(server: Server, looks: readonly number[], report: (done: number) => void): Promise<Row> {
  return await inScratch(async (folder) => {
    const client = await start(server, join(folder, 'kept'));
    const sizes: number[] = [];
    let [done, seconds] = [0, 0];
    for (const look of looks) {
      for (; done < look; done += PART) {
        const part = calls(server.write, done, Math.min(PART, look - done));
        seconds += await secondsOf(() => inLanes(client, part, LANES));
      }
      done = look;
      await wait(SETTLE_MS);
      sizes.push(residentBytes(client.pid) / MIB);
      report(sizes.length);
    }
    await client.stop();
    return { name: server.name, values: [...sizes, (sizes.at(-1) ?? 0) / (sizes[0] ?? 1), done / seconds] };
  });
}
