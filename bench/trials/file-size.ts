import { statSync } from 'node:fs';
import { join } from 'node:path';
import { weigh } from '../database-file.ts';
import { calls, inLanes } from '../load.ts';
import { inScratch } from '../scratch.ts';
import { type Call, SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import type { Report, Row, Table } from '../trial.ts';
import { toolNames, typicalExecution } from '../workload.ts';

export interface FileSize {
  readonly executions: number;
}

const CALLS_A_SESSION = 8;

/** How the file grows: bytes an execution, and which tables they are in. */
export async function fileSize({ executions }: FileSize, report: Report): Promise<Table> {
  return await inScratch(async (folder) => {
    const recorded = join(folder, 'recorded.db');
    await run(TOOLWISE, recorded, calls(TOOLWISE.write, 0, executions));
    report(1, 3);
    const advised = join(folder, 'advised.db');
    await run(TOOLWISE, advised, calls(journey, 0, executions).flat());
    report(2, 3);
    const memory = join(folder, 'memory.jsonl');
    await run(SERVER_MEMORY, memory, [inOneCall(executions)]);
    report(3, 3);
    return {
      columns: ['bytes an execution', 'file MiB'],
      rows: [
        ...weighed('toolwise, record_execution only', recorded, executions),
        ...weighed('toolwise, recommend + record + log_episode', advised, executions),
        size('server-memory, create_entities', statSync(memory).size, executions),
      ],
      notes: [
        `${executions.toLocaleString('en-US')} executions of 50 tools in sessions of ${CALLS_A_SESSION}, a query of about 50 and arguments of about 150 bytes; the file after a checkpoint.`,
        'Rows that begin with "–" are tables of the file above them, indexes included (dbstat); below 1 byte an execution they are left out.',
      ],
    };
  });
}

async function run(server: Server, file: string, all: readonly Call[]): Promise<void> {
  const client = await start(server, file);
  await inLanes(client, all, 1);
  await client.stop();
}

/** The same file as one call an entity makes, without writing it once for each of them. */
function inOneCall(count: number): Call {
  const entities = calls(SERVER_MEMORY.write, 0, count).flatMap(({ args }) => (args as { entities: object[] }).entities);
  return { name: 'create_entities', args: { entities } };
}

/** Advice, the execution, and after the last of a session the episode. */
function journey(index: number): Call[] {
  const execution = typicalExecution(index);
  const { session_id, query } = execution;
  const last = index % CALLS_A_SESSION === CALLS_A_SESSION - 1;
  return [
    { name: 'recommend_tools', args: { session_id, query, available_tools: toolNames(50) } },
    { name: 'record_execution', args: execution },
    ...(last ? [{ name: 'log_episode', args: { session_id, outcome: 'success' } }] : []),
  ];
}

function weighed(name: string, file: string, executions: number): Row[] {
  const { bytes, tables } = weigh(file);
  const parts = [...tables].filter(([, part]) => part / executions >= 1);
  return [size(name, bytes, executions), ...parts.map(([table, part]) => size(`– ${table}`, part, executions))];
}

function size(name: string, bytes: number, executions: number): Row {
  return { name, values: [bytes / executions, bytes / 1_048_576] };
}
