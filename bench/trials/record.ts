import { join } from 'node:path';
import { calls, inLanes, oneByOne, secondsOf, type Timed } from '../load.ts';
import { rounds } from '../rounds.ts';
import { inScratch } from '../scratch.ts';
import { BARE_BUNDLED, SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import { median, medianKnown, medianRatio, quantile } from '../statistics.ts';
import type { Report, Table } from '../trial.ts';

export interface RecordSize {
  readonly rounds: number;
  /** Calls one by one, and as many again ten at a time. */
  readonly calls: number;
}

interface Sample {
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  readonly sequential: number;
  readonly parallel: number;
  readonly cpu_ms: number | null;
}

const WARM_UP = 200;
const LANES = 10;

/** What it costs an agent to report one call, over stdio, next to what it costs to tell the memory server the same. */
export async function record(size: RecordSize, report: Report): Promise<Table> {
  const servers = [TOOLWISE, SERVER_MEMORY, BARE_BUNDLED];
  const samples = await rounds(servers, size.rounds, report, (server) => measure(server, size.calls));
  const base = samples[servers.indexOf(SERVER_MEMORY)] ?? [];
  return {
    columns: ['p50 ms', 'p99 ms', 'slowest ms', 'calls/s one by one', 'calls/s 10 at a time', 'p50 × server-memory', 'CPU ms a call'],
    rows: servers.map(({ name }, at) => row(name, samples[at] ?? [], base)),
    notes: [
      `Each figure is the median of ${size.rounds} rounds. A round: a new process on a new file, ${WARM_UP} calls to warm up, ` +
        `${size.calls} one by one (p50, p99, slowest), ${size.calls} ten at a time.`,
      'toolwise: record_execution with a query and arguments of about 150 bytes. server-memory: create_entities, one entity whose observation is ' +
        'the same text; it rewrites its whole file at each call, so its figures grow with the number of calls. Bare SDK server: the same payload, nothing kept.',
    ],
  };
}

async function measure(server: Server, count: number): Promise<Sample> {
  return await inScratch(async (folder) => {
    const client = await start(server, join(folder, 'kept'));
    await inLanes(client, calls(server.write, 0, WARM_UP), 1);
    let timed: Timed = { times: [], cpu_ms: null };
    const sequential = await secondsOf(async () => {
      timed = await oneByOne(client, calls(server.write, WARM_UP, count));
    });
    const parallel = await secondsOf(() => inLanes(client, calls(server.write, WARM_UP + count, count), LANES));
    await client.stop();
    return {
      p50: median(timed.times),
      p99: quantile(timed.times, 0.99),
      slowest: quantile(timed.times, 1),
      sequential: count / sequential,
      parallel: count / parallel,
      cpu_ms: timed.cpu_ms,
    };
  });
}

function row(name: string, samples: readonly Sample[], base: readonly Sample[]) {
  const p50 = (from: readonly Sample[]) => from.map((sample) => sample.p50);
  const middle = (part: keyof Sample) => medianKnown(samples.map((sample) => sample[part]));
  const middles = (['p50', 'p99', 'slowest', 'sequential', 'parallel'] as const).map(middle);
  return { name, values: [...middles, medianRatio(p50(samples), p50(base)), middle('cpu_ms')] };
}
