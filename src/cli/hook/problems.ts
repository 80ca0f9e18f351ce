import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../store/make-folder.ts';

/** Bytes of the log, and of it that are kept when it is full. */
const MOST_BYTES = 64 * 1024;
const KEPT_BYTES = 32 * 1024;
const LONGEST_LINE = 500;

/** In the spool: one line for each thing that went wrong in a hook, which must not say so itself. */
export const PROBLEMS = 'problems.log';

/**
 * Notes a problem with its time. If that fails, too, nobody hears of it: the agent must not be disturbed.
 * @param what without anything of the payload, which may hold secrets
 */
export function noteProblem(folder: string, what: string): void {
  try {
    const path = join(folder, PROBLEMS);
    makeFolder(folder);
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES - LONGEST_LINE) shorten(path);
    const line = `${new Date().toISOString()} hook: ${what.replace(/\s+/g, ' ')}`;
    appendFileSync(path, `${line.slice(0, LONGEST_LINE - 1)}\n`, { mode: 0o600 });
  } catch {
    // see above
  }
}

function shorten(path: string): void {
  const kept = readFileSync(path).subarray(-KEPT_BYTES);
  writeFileSync(path, kept.subarray(kept.indexOf('\n') + 1), { mode: 0o600 });
}
