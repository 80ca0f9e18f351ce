import { join } from 'node:path';
import { keptExecutions } from '../database-file.ts';
import { keptEntities } from '../memory-file.ts';
import { rounds } from '../rounds.ts';
import { inScratch } from '../scratch.ts';
import { SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import { median, quantile } from '../statistics.ts';
import type { Report, Table } from '../trial.ts';

export interface StartTogetherSize {
  readonly processes: number;
  readonly rounds: number;
}

interface Sample {
  readonly listed_ms: number;
  readonly written_ms: number;
  readonly errors: number;
  readonly kept: number;
}

/** So many clients open at the same moment, on a file that does not exist yet, and each keeps one thing. */
export async function startTogether(size: StartTogetherSize, report: Report): Promise<Table> {
  const servers = [TOOLWISE, SERVER_MEMORY];
  const samples = await rounds(servers, size.rounds, report, (server) => measure(server, size.processes));
  return {
    columns: ['starts', 'errors', 'kept', 'all listed, ms', 'all written, ms', 'slowest round, ms'],
    rows: servers.map(({ name }, at) => {
      const own = samples[at] ?? [];
      const sum = (part: 'errors' | 'kept') => own.reduce((total, sample) => total + sample[part], 0);
      const times = (part: 'listed_ms' | 'written_ms') => own.map((sample) => sample[part]);
      const middles = [median(times('listed_ms')), median(times('written_ms')), quantile(times('written_ms'), 1)];
      return { name, values: [size.processes * size.rounds, sum('errors'), sum('kept'), ...middles] };
    }),
    notes: [
      `${size.rounds} rounds of ${size.processes} processes, spawned at once on a new file. Times are medians over the rounds, from before the first spawn: to the last reply ` +
        'to tools/list, and to the last answer to a write, which every process is sent when all have listed their tools.',
      'Errors: processes that did not start or did not acknowledge their write. Kept: as in the other trials.',
    ],
  };
}

async function measure(server: Server, processes: number): Promise<Sample> {
  return await inScratch(async (folder) => {
    const file = join(folder, 'kept');
    const begin_ms = performance.now();
    const started = await Promise.allSettled(Array.from({ length: processes }, () => start(server, file)));
    const listed_ms = performance.now() - begin_ms;
    const clients = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const written = await Promise.allSettled(clients.map((client, index) => client.call(server.write(index))));
    const written_ms = performance.now() - begin_ms;
    await Promise.all(clients.map((client) => client.stop()));
    const acknowledged = written.filter((each) => each.status === 'fulfilled').length;
    const kept = server === TOOLWISE ? keptExecutions(file) : keptEntities(file).size;
    return { listed_ms, written_ms, errors: processes - acknowledged, kept };
  });
}
