import { join } from 'node:path';
import type { Client } from '../client.ts';
import { keptExecutions } from '../database-file.ts';
import { keptEntities } from '../memory-file.ts';
import { inScratch } from '../scratch.ts';
import { SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import type { Report, Row, Table } from '../trial.ts';

export interface ManyProcessesSize {
  readonly processes: number;
  /** Calls of each process, one after the other. */
  readonly each: number;
  /** The same for the comparison: server-memory rewrites its file at each call. */
  readonly few: number;
}

/** Many sessions that report to one file at the same time: what was said to be kept, what is there, and how fast it went. */
export async function manyProcesses(size: ManyProcessesSize, report: Report): Promise<Table> {
  const { processes, each, few } = size;
  const subjects = [
    { server: TOOLWISE, each },
    { server: TOOLWISE, each: few },
    { server: SERVER_MEMORY, each: few },
  ];
  const rows: Row[] = [];
  for (const { server, each: calls } of subjects) {
    rows.push(await measure(server, processes, calls));
    report(rows.length, subjects.length);
  }
  return {
    columns: ['sent', 'acknowledged', 'errors', 'kept', 'calls/s'],
    rows,
    notes: [
      'Each process sends its calls one after the other, all processes at once, from one client. An error is a call answered with one.',
      'Kept: counted in the file after all processes have left. toolwise: rows of the log, or the sum of the totals of all tools if that is less. server-memory: different entities.',
      'Every toolwise process also learns from what the others record, so its ranking is that of one process that saw everything.',
    ],
  };
}

async function measure(server: Server, processes: number, each: number): Promise<Row> {
  return await inScratch(async (folder) => {
    const file = join(folder, 'kept');
    const clients = await Promise.all(Array.from({ length: processes }, () => start(server, file)));
    const start_ms = performance.now();
    const acknowledged = await Promise.all(clients.map((client, at) => inTurn(client, server, at * each, each)));
    const seconds = (performance.now() - start_ms) / 1_000;
    await Promise.all(clients.map((client) => client.stop()));
    const kept = server === TOOLWISE ? keptExecutions(file) : keptEntities(file).size;
    const sent = processes * each;
    const told = acknowledged.reduce((sum, count) => sum + count, 0);
    const name = `${server.name}, ${processes} processes × ${each.toLocaleString('en-US')}`;
    return { name, values: [sent, told, sent - told, kept, sent / seconds] };
  });
}

/** Calls that were acknowledged, count. */
async function inTurn(client: Client, server: Server, first: number, count: number): Promise<number> {
  let acknowledged = 0;
  for (let index = first; index < first + count; index += 1) {
    const isKept = await client.call(server.write(index)).then(
      () => true,
      () => false,
    );
    if (isKept) acknowledged += 1;
  }
  return acknowledged;
}
