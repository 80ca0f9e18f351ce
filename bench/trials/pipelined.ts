import { join } from 'node:path';
import type { Client } from '../client.ts';
import { calls, secondsOf } from '../load.ts';
import { inScratch } from '../scratch.ts';
import { BARE_BUNDLED, type Call, SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import type { Report, Row, Table } from '../trial.ts';
import { request, toolName, toolNames } from '../workload.ts';

export interface PipelinedSize {
  /** Requests written before the first answer is waited for. */
  readonly requests: number;
}

interface Subject {
  readonly name: string;
  readonly server: Server;
  readonly call: (index: number) => Call;
}

const KNOWN = 100;
const CANDIDATES = toolNames(10);

const SUBJECTS: readonly Subject[] = [
  {
    name: 'toolwise, get_tool_metrics of one tool',
    server: TOOLWISE,
    call: (n) => ({ name: 'get_tool_metrics', args: { tool_name: toolName(n % 50) } }),
  },
  {
    name: 'toolwise, recommend_tools',
    server: TOOLWISE,
    call: (n) => ({ name: 'recommend_tools', args: { query: request(n), available_tools: CANDIDATES } }),
  },
  { name: 'toolwise, record_execution', server: TOOLWISE, call: TOOLWISE.write },
  {
    name: 'server-memory, open_nodes',
    server: SERVER_MEMORY,
    call: (n) => ({ name: 'open_nodes', args: { names: [`call-${n % KNOWN}`] } }),
  },
  { name: 'bare SDK server, bundled', server: BARE_BUNDLED, call: BARE_BUNDLED.write },
];

/** A client that writes all its requests at once: every one is answered, and how long it takes. */
export async function pipelined(size: PipelinedSize, report: Report): Promise<Table> {
  const rows: Row[] = [];
  for (const subject of SUBJECTS) {
    rows.push(await measure(subject, size.requests));
    report(rows.length, SUBJECTS.length);
  }
  return {
    columns: ['requests', 'answered', 'seconds', 'requests/s'],
    rows,
    notes: [
      `All requests are written at once, each with an id of its own; ${KNOWN} calls were recorded before. Answered: replies whose id fits, errors not counted.`,
      'server-memory is only asked to read: it rewrites its whole file at each write.',
    ],
  };
}

async function measure({ name, server, call }: Subject, count: number): Promise<Row> {
  return await inScratch(async (folder) => {
    const client = await start(server, join(folder, 'kept'));
    for (const known of calls(server.write, 0, KNOWN)) await client.call(known);
    let answered = 0;
    const seconds = await secondsOf(async () => {
      answered = await allAtOnce(client, calls(call, KNOWN, count));
    });
    await client.stop();
    return { name, values: [count, answered, seconds, count / seconds] };
  });
}

async function allAtOnce(client: Client, all: readonly Call[]): Promise<number> {
  const answers = await Promise.allSettled(all.map((call) => client.call(call)));
  return answers.filter((answer) => answer.status === 'fulfilled').length;
}
