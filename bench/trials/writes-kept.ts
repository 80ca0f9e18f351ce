import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../client.ts';
import { keptExecutions } from '../database-file.ts';
import { inScratch } from '../scratch.ts';
import { SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import type { Report, Row, Table } from '../trial.ts';

export interface WritesKeptSize {
  /** Calls at once in one process. */
  readonly at_once: number;
  readonly processes: number;
  /** Calls of each process, one after the other. */
  readonly each: number;
}

interface Shape {
  readonly name: string;
  readonly processes: number;
  readonly each: number;
  readonly at_once: boolean;
}

/** Whether what a server said it kept is there afterwards. */
export async function writesKept(size: WritesKeptSize, report: Report): Promise<Table> {
  const shapes: readonly Shape[] = [
    { name: `${size.at_once} at once, 1 process`, processes: 1, each: size.at_once, at_once: true },
    { name: `${size.processes} processes × ${size.each}, one file`, processes: size.processes, each: size.each, at_once: false },
  ];
  const pairs = shapes.flatMap((shape) => [TOOLWISE, SERVER_MEMORY].map((server) => ({ shape, server })));
  const rows: Row[] = [];
  for (const { shape, server } of pairs) {
    rows.push(await measure(server, shape));
    report(rows.length, pairs.length);
  }
  return {
    columns: ['sent', 'acknowledged', 'kept'],
    rows,
    notes: [
      'Kept: counted in the file after all processes have left. toolwise: rows of the log, or the sum of the totals of all tools if that is less. server-memory: entities.',
    ],
  };
}

async function measure(server: Server, { name, processes, each, at_once }: Shape): Promise<Row> {
  return await inScratch(async (folder) => {
    const file = join(folder, 'kept');
    const clients = await Promise.all(Array.from({ length: processes }, () => start(server, file)));
    const acknowledged = await Promise.all(
      clients.map((client, at) => (at_once ? allAtOnce(client, server, each) : inTurn(client, server, at * each, each))),
    );
    await Promise.all(clients.map((client) => client.stop()));
    const kept = server === TOOLWISE ? keptExecutions(file) : entities(file);
    return { name: `${server.name}, ${name}`, values: [processes * each, acknowledged.reduce((sum, count) => sum + count, 0), kept] };
  });
}

async function allAtOnce(client: Client, server: Server, count: number): Promise<number> {
  const answers = await Promise.allSettled(Array.from({ length: count }, (_, index) => client.call(server.write(index))));
  return answers.filter((answer) => answer.status === 'fulfilled').length;
}

async function inTurn(client: Client, server: Server, first: number, count: number): Promise<number> {
  let acknowledged = 0;
  for (let index = first; index < first + count; index += 1) {
    await client.call(server.write(index)).then(
      () => {
        acknowledged += 1;
      },
      () => undefined, // an error is an honest answer: it counts as not acknowledged
    );
  }
  return acknowledged;
}

function entities(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('"type":"entity"').length - 1 : 0;
}
