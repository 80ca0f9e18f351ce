import { join } from 'node:path';
import { calls, inLanes, oneByOne, secondsOf } from '../load.ts';
import { rounds } from '../rounds.ts';
import { inScratch } from '../scratch.ts';
import { BARE_BUNDLED, SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import { median, medianKnown, quantile } from '../statistics.ts';
import type { Report, Table } from '../trial.ts';

export interface WrapSize {
  readonly rounds: number;
  /** Calls one by one, and as many again ten at a time. */
  readonly calls: number;
}

interface Sample {
  readonly listed_ms: number;
  readonly p50: number;
  readonly p99: number;
  readonly parallel: number;
}

const WARM_UP = 200;
const LANES = 10;

/** What `toolwise wrap` adds to the calls of a server, and to its start. */
export async function wrap(size: WrapSize, report: Report): Promise<Table> {
  const servers = [BARE_BUNDLED, SERVER_MEMORY].flatMap((server) => [server, wrapped(server)]);
  const samples = await rounds(servers, size.rounds, report, (server) => measure(server, size.calls));
  return {
    columns: ['p50 ms', 'added p50 ms', 'p99 ms', 'calls/s 10 at a time', 'start ms', 'added start ms'],
    rows: servers.map(({ name }, at) => row(name, samples[at] ?? [], at % 2 === 0 ? null : (samples[at - 1] ?? []))),
    notes: [
      `Medians of ${size.rounds} rounds. A round: a new process on a new file, ${WARM_UP} calls to warm up, ${size.calls} one by one, ${size.calls} ten at a time. ` +
        'Start: from before spawn to the reply to tools/list. Added: the median of the differences within a round.',
    ],
  };
}

/** The same server, started by `toolwise wrap`. */
function wrapped(server: Server): Server {
  return {
    ...server,
    name: `${server.name}, wrapped`,
    args: (file) => [TOOLWISE.args(file)[0] ?? '', 'wrap', '--db', `${file}.db`, '--', process.execPath, ...server.args(file)],
  };
}

async function measure(server: Server, count: number): Promise<Sample> {
  return await inScratch(async (folder) => {
    const client = await start(server, join(folder, 'kept'));
    await inLanes(client, calls(server.write, 0, WARM_UP), 1);
    const { times } = await oneByOne(client, calls(server.write, WARM_UP, count));
    const parallel = await secondsOf(() => inLanes(client, calls(server.write, WARM_UP + count, count), LANES));
    const { listed_ms } = client;
    await client.stop();
    return { listed_ms, p50: median(times), p99: quantile(times, 0.99), parallel: count / parallel };
  });
}

function row(name: string, samples: readonly Sample[], base: readonly Sample[] | null) {
  const middle = (part: keyof Sample) => medianKnown(samples.map((sample) => sample[part]));
  const added = (part: keyof Sample) =>
    base && medianKnown(samples.map((sample, round) => sample[part] - (base[round]?.[part] ?? Number.NaN)));
  return { name, values: [middle('p50'), added('p50'), middle('p99'), middle('parallel'), middle('listed_ms'), added('listed_ms')] };
}
