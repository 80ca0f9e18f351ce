import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COLLECTED, isSpoolFile } from '../spool/folder.ts';
import { hasReader } from '../spool/readers.ts';

/** In the spool: its time of change is when a hook last started a collection. */
const COLLECTING = 'collecting';
/** Milliseconds between two collections that hooks start. */
const BETWEEN_MS = 1000;
/** Milliseconds that whoever collects already is given to take an event in. */
const PATIENCE_MS = 2000;
/** Files that are looked at: a hook has no time for more. */
const MOST_FILES = 200;

/** When a hook may start a collection. */
export interface Moment {
  readonly folder: string;
  readonly now_ms: number;
  /** A turn or the conversation is over: what is in the spool is worth taking in now. */
  readonly is_over: boolean;
}

/** Whether the spool holds what nobody seems to take in, and no other hook has just started a collection. @throws Error of the file system */
export function isDue({ folder, now_ms, is_over }: Moment): boolean {
  if (hasReader(folder) || now_ms - changedAt(join(folder, COLLECTING)) < BETWEEN_MS) return false;
  return is_over || newestPatientFile(folder, now_ms) > changedAt(join(folder, COLLECTED));
}

/**
 * Starts `toolwise collect` beside the hook, which does not wait for it.
 * @param flags of the settings, for the collection
 * @throws Error of the file system, or when the process cannot be started
 */
export async function collectInBackground(folder: string, flags: readonly string[]): Promise<void> {
  writeFileSync(join(folder, COLLECTING), '', { mode: 0o600 });
  const { spawn } = await import('node:child_process');
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [program, 'collect', ...flags], { detached: true, stdio: 'ignore', windowsHide: true });
  child.on('error', () => undefined); // a later hook tries again
  child.unref();
}

/** When the latest of the files changed that somebody had the time to take in. */
function newestPatientFile(folder: string, now_ms: number): number {
  const files = readdirSync(folder).filter(isSpoolFile).slice(0, MOST_FILES);
  const times = files.map((name) => changedAt(join(folder, name)));
  return Math.max(0, ...times.filter((time) => now_ms - time >= PATIENCE_MS));
}

/** Epoch milliseconds; 0: there is no such file. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
