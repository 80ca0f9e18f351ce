import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { calls, inLanes } from '../load.ts';
import { residentBytes } from '../process-use.ts';
import { rounds } from '../rounds.ts';
import { inScratch } from '../scratch.ts';
import { BARE, BARE_BUNDLED, SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import { median, medianRatio } from '../statistics.ts';
import type { Report, Table } from '../trial.ts';

export interface MemorySize {
  readonly rounds: number;
  readonly calls: number;
}

interface Sample {
  readonly idle: number;
  readonly after: number;
}

const SETTLE_MS = 1_000;
/** server-memory rewrites all it knows at each call: with 10,000 different entities a round would take ten minutes. */
const ENTITIES = 500;
const MIB = 1_048_576;

/** What a server occupies while it waits, and whether use makes it grow. */
export async function memory(size: MemorySize, report: Report): Promise<Table> {
  const servers = [TOOLWISE, SERVER_MEMORY, BARE, BARE_BUNDLED];
  const samples = await rounds(servers, size.rounds, report, (server) => measure(server, size.calls));
  const base = samples[servers.indexOf(SERVER_MEMORY)] ?? [];
  const part = (from: readonly Sample[], name: keyof Sample) => from.map((sample) => sample[name]);
  return {
    columns: ['idle MiB', `after ${size.calls.toLocaleString('en-US')} calls MiB`, 'idle × server-memory', 'after × server-memory'],
    rows: servers.map(({ name }, at) => {
      const own = samples[at] ?? [];
      const middles = (['idle', 'after'] as const).map((when) => median(part(own, when)));
      const ratios = (['idle', 'after'] as const).map((when) => medianRatio(part(own, when), part(base, when)));
      return { name, values: [...middles, ...ratios] };
    }),
    notes: [
      `Resident memory of the process, median of ${size.rounds} rounds, ${SETTLE_MS / 1_000} s after tools/list and again ${SETTLE_MS / 1_000} s after the last call. ` +
        `The calls are the writes of the trial of record_execution, one by one; server-memory keeps ${ENTITIES} different entities, the others every call.`,
    ],
  };
}

async function measure(server: Server, count: number): Promise<Sample> {
  return await inScratch(async (folder) => {
    const client = await start(server, join(folder, 'kept'));
    await wait(SETTLE_MS);
    const idle = residentBytes(client.pid) / MIB;
    await inLanes(
      client,
      calls((index) => server.write(server === SERVER_MEMORY ? index % ENTITIES : index), 0, count),
      1,
    );
    await wait(SETTLE_MS);
    const after = residentBytes(client.pid) / MIB;
    await client.stop();
    return { idle, after };
  });
}
