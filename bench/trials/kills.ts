import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { keptEntities } from '../memory-file.ts';
import { inScratch } from '../scratch.ts';
import { type Call, SERVER_MEMORY, type Server, start, TOOLWISE } from '../servers.ts';
import { quantile } from '../statistics.ts';
import type { Report, Row, Table } from '../trial.ts';

export interface KillsSize {
  readonly kills: number;
}

/** The moments of the kills: up to so long after the first acknowledged call. */
const LONGEST_LIFE_MS = 150;
/** More than can be sent in one life. */
const CALLS_A_LIFE = 10_000;
/** The fraction of the golden ratio: its multiples are spread evenly (Weyl 1916). */
const SPREAD = (Math.sqrt(5) - 1) / 2;

/** Whether what a server said it kept survives kill -9 at any moment. */
export async function kills(size: KillsSize, report: Report): Promise<Table> {
  const rows: Row[] = [];
  for (const server of [TOOLWISE, SERVER_MEMORY]) {
    rows.push(await measure(server, size.kills, (done) => report(rows.length * size.kills + done, 2 * size.kills)));
  }
  return {
    columns: ['kills', 'acknowledged', 'acknowledged, lost', 'integrity', 'start after a kill, slowest ms'],
    rows,
    notes: [
      `A new process on the same file each time; it is sent one call after the other and killed with SIGKILL up to ${LONGEST_LIFE_MS} ms after the first answer.`,
      'Lost: acknowledged by an answer that the client read, and not in the file at the end. A server that no longer accepts calls acknowledges none.',
      'Integrity: 1 when PRAGMA integrity_check and the counts of calls agree; for server-memory, when every line can be read.',
      'The start is from spawn to the reply to tools/list; neither server opens its file before the first call.',
    ],
  };
}

async function measure(server: Server, count: number, report: (done: number) => void): Promise<Row> {
  return await inScratch(async (folder) => {
    const file = join(folder, 'kept');
    const acknowledged: string[] = [];
    const starts: number[] = [];
    for (let kill = 0; kill < count; kill += 1) {
      starts.push(await callUntilKilled(server, file, kill, acknowledged));
      report(kill + 1);
    }
    const { ids, is_whole } = server === TOOLWISE ? inDatabase(file) : inMemoryFile(file);
    const lost = acknowledged.filter((id) => !ids.has(id)).length;
    return { name: server.name, values: [count, acknowledged.length, lost, Number(is_whole), quantile(starts, 1)] };
  });
}

/** @returns milliseconds that the start took */
async function callUntilKilled(server: Server, file: string, kill: number, acknowledged: string[]): Promise<number> {
  const client = await start(server, file);
  const life_ms = LONGEST_LIFE_MS * ((kill * SPREAD) % 1);
  let is_left = false;
  for (let n = 0; !is_left; n += 1) {
    const { id, call } = namedWrite(server, kill * CALLS_A_LIFE + n);
    try {
      await client.call(call);
      acknowledged.push(id);
    } catch (error) {
      is_left = error instanceof Error && error.message.startsWith('the server left');
    }
    if (n === 0) setTimeout(() => process.kill(client.pid, 'SIGKILL'), life_ms);
  }
  return client.listed_ms;
}

/** The write of this index, under a name that can be looked for. */
function namedWrite(server: Server, index: number): { readonly id: string; readonly call: Call } {
  const { name, args } = server.write(index);
  const id = `call-${index}`;
  return { id, call: { name, args: server === TOOLWISE ? { ...args, execution_id: id } : args } };
}

interface Found {
  readonly ids: ReadonlySet<string>;
  readonly is_whole: boolean;
}

function inDatabase(file: string): Found {
  const db = new Sqlite(file);
  try {
    const ids = new Set(db.prepare('SELECT execution_id FROM executions').pluck().all() as string[]);
    const counts = db.prepare('SELECT (SELECT update_count FROM learner), (SELECT sum(total_calls) FROM tools)').raw().get() as number[];
    const is_whole = db.pragma('integrity_check', { simple: true }) === 'ok' && counts.every((count) => count === ids.size);
    return { ids, is_whole };
  } finally {
    db.close();
  }
}

function inMemoryFile(file: string): Found {
  const lines = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '').length
    : 0;
  const ids = keptEntities(file);
  return { ids, is_whole: lines > 0 && lines === ids.size };
}
