import { join } from 'node:path';
import type { Client } from '../client.ts';
import { copyDatabase, fillActionValues } from '../database-file.ts';
import { calls, inLanes, oneByOne, type Timed } from '../load.ts';
import { rounds } from '../rounds.ts';
import { inScratch } from '../scratch.ts';
import { BARE_BUNDLED, type Call, start, TOOLWISE } from '../servers.ts';
import { median, medianKnown, medianRatio, quantile } from '../statistics.ts';
import type { Report, Row, Table } from '../trial.ts';
import { request, toolName, toolNames, typicalExecution } from '../workload.ts';

export interface RecommendSize {
  readonly rounds: number;
  /** Calls to each server a round. */
  readonly calls: number;
}

interface Subject {
  readonly name: string;
  readonly client: Client;
  readonly call: (index: number) => Call;
}

const ROWS = [1_000, 10_000, 100_000] as const;
const CANDIDATES = 50;
const REQUESTS = 5;
const CATALOGUE = 500;

/** What it costs to ask for advice about 50 tools, and whether that grows with what has been learned. */
export async function recommend(size: RecommendSize, report: Report): Promise<Table> {
  return await inScratch(async (folder) => {
    const subjects = await open(folder);
    for (const { client, call } of subjects) await inLanes(client, calls(call, 0, 200), 1);
    const samples = await rounds(subjects, size.rounds, report, ({ client, call }) => oneByOne(client, calls(call, 0, size.calls)));
    for (const { client } of subjects) await client.stop();
    return {
      columns: ['p50 ms', 'p99 ms', 'p50 × 1,000 rows', 'CPU ms a call'],
      rows: subjects.map(({ name }, at) => row(name, samples[at] ?? [], at < ROWS.length ? samples[0] : undefined)),
      notes: [
        `${size.rounds} rounds of ${size.calls} calls to each of four servers that live side by side. ${CANDIDATES} available_tools, a query, a new session each, top 5.`,
        `${CATALOGUE} tools registered. Each of the ${CANDIDATES} candidates was recorded once for each of the ${REQUESTS} requests asked about, through the server, ` +
          'so that every call finds rows for all candidates in all four contexts; the other rows were written straight into the file.',
        'Bare SDK server: the same request, nothing done.',
      ],
    };
  });
}

async function open(folder: string): Promise<Subject[]> {
  const learned = join(folder, 'learned.db');
  await learn(learned);
  const subjects: Subject[] = [];
  for (const rows of ROWS) {
    const file = join(folder, `${rows}.db`);
    copyDatabase(learned, file);
    fillActionValues(file, rows);
    subjects.push({ name: rowName(rows), client: await start(TOOLWISE, file), call: advice });
  }
  const bare = await start(BARE_BUNDLED, join(folder, 'none'));
  return [
    ...subjects,
    { name: BARE_BUNDLED.name, client: bare, call: (index) => ({ name: 'acknowledge', args: { payload: advice(index).args } }) },
  ];
}

function rowName(rows: number): string {
  return `toolwise, ${rows.toLocaleString('en-US')} Q rows`;
}

function advice(index: number): Call {
  const args = { query: request(index % REQUESTS), session_id: `asking-${index}`, available_tools: toolNames(CANDIDATES) };
  return { name: 'recommend_tools', args };
}

function row(name: string, samples: readonly Timed[], smallest: readonly Timed[] | undefined): Row {
  const all = samples.flatMap((sample) => sample.times);
  const middles = (from: readonly Timed[]) => from.map((sample) => median(sample.times));
  const growth = smallest === undefined ? null : medianRatio(middles(samples), middles(smallest));
  return { name, values: [median(all), quantile(all, 0.99), growth, medianKnown(samples.map((sample) => sample.cpu_ms))] };
}

/** A catalogue, and every candidate once for every request, each in a session of its own: all in the same contexts. */
async function learn(file: string): Promise<void> {
  const client = await start(TOOLWISE, file);
  const tools = toolNames(CATALOGUE).map((name) => ({ name, description: `Does ${name}` }));
  await client.call({ name: 'register_tools', args: { tools } });
  const recorded = (index: number): Call => {
    const place = {
      session_id: `learning-${index}`,
      tool_name: toolName(index % CANDIDATES),
      query: request(Math.floor(index / CANDIDATES)),
    };
    return { name: 'record_execution', args: { ...typicalExecution(index), ...place } };
  };
  await inLanes(client, calls(recorded, 0, CANDIDATES * REQUESTS), 10);
  await client.stop();
}
