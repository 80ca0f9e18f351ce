import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, type RunOptions, runServer } from '../../helpers/run-server.ts';

/** Runs `toolwise hook` on a database; a payload that is no text is given as JSON. */
export async function runHook(db: string, payload: unknown, flags: readonly string[] = [], options: RunOptions = {}): Promise<Run> {
  const input = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return await runServer(['hook', '--db', db, ...flags], { input, ...options });
}

export const SILENT_SUCCESS = { code: 0, signal: null, stdout: '', stderr: '' };

/** Events that wait in the spool of a database, in the order of the files' names. */
export function waiting(db: string): readonly Readonly<Record<string, unknown>>[] {
  const folder = `${db}-spool`;
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What went wrong in the hooks of a database. */
export function problems(db: string): string {
  const path = join(`${db}-spool`, 'problems.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
