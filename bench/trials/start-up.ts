import { join } from 'node:path';
import { fillActionValues } from '../database-file.ts';
import { calls, inLanes } from '../load.ts';
import { cpuMs } from '../process-use.ts';
import { rounds } from '../rounds.ts';
import { inScratch } from '../scratch.ts';
import { BARE, BARE_BUNDLED, SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import { median, medianKnown, medianRatio, quantile } from '../statistics.ts';
import type { Report, Table } from '../trial.ts';

export interface StartUpSize {
  readonly starts: number;
  /** Rows of action_values in the existing database. */
  readonly rows: number;
}

interface Sample {
  readonly listed_ms: number;
  readonly cpu_ms: number | null;
}

interface Subject {
  readonly name: string;
  readonly server: Server;
  file(round: number): string;
}

const BASE = SERVER_MEMORY.name;

/** The time a client waits from spawning a server to knowing its tools. */
export async function startUp(size: StartUpSize, report: Report): Promise<Table> {
  return await inScratch(async (folder) => {
    const existing = join(folder, 'existing.db');
    await fillExisting(existing, size.rows);
    const subjects = subjectsIn(folder, existing);
    const measure = async ({ server, file }: Subject, round: number): Promise<Sample> => {
      const client = await start(server, file(round));
      const sample = { listed_ms: client.listed_ms, cpu_ms: cpuMs(client.pid) };
      await client.stop();
      return sample;
    };
    await rounds(subjects, 1, () => undefined, measure);
    const samples = await rounds(subjects, size.starts, report, (subject, round) => measure(subject, round + 1));
    const base = samples[subjects.findIndex((subject) => subject.name === BASE)] ?? [];
    return {
      columns: ['median ms', 'lowest quarter ms', 'highest quarter ms', '× server-memory', 'CPU ms'],
      rows: subjects.map(({ name }, at) => row(name, samples[at] ?? [], base)),
      notes: [
        `${size.starts} starts each, after one that does not count. Time from before spawn to the reply to tools/list; initialize is answered first.`,
        `"toolwise, existing database" opens a file with ${size.rows.toLocaleString('en-US')} Q rows.`,
        '× server-memory is the median of the ratios within a round.',
      ],
    };
  });
}

function subjectsIn(folder: string, existing: string): Subject[] {
  return [
    { name: 'toolwise, new database', server: TOOLWISE, file: (round) => join(folder, `new-${round}.db`) },
    { name: 'toolwise, existing database', server: TOOLWISE, file: () => existing },
    ...[SERVER_MEMORY, BARE, BARE_BUNDLED].map((server) => ({ name: server.name, server, file: () => join(folder, 'memory.jsonl') })),
  ];
}

async function fillExisting(file: string, rows: number): Promise<void> {
  const client = await start(TOOLWISE, file);
  await inLanes(client, calls(TOOLWISE.write, 0, 400), 10);
  await client.stop();
  fillActionValues(file, rows);
}

function row(name: string, samples: readonly Sample[], base: readonly Sample[]) {
  const [own, others] = [samples, base].map((from) => from.map((sample) => sample.listed_ms)) as [number[], number[]];
  const cpu = medianKnown(samples.map((sample) => sample.cpu_ms));
  return { name, values: [median(own), quantile(own, 0.25), quantile(own, 0.75), medianRatio(own, others), cpu] };
}
