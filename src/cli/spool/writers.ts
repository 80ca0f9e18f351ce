import { statSync } from 'node:fs';
import { basename } from 'node:path';

/** Hooks are many short processes: when none has written for so long, what was taken is removed, milliseconds. The next one begins anew. */
const QUIET_MS = 60_000;

const WRAPPED = /^wrap-(\d+)-/;

/** Whether a file is one of a wrapped server. */
export function isWrapped(name: string): boolean {
  return WRAPPED.test(name);
}

/** Whether somebody may still append to a file of the spool. A wrapped server's names its process, `wrap-<pid>-…`. */
export function isWritten(path: string, now_ms: number): boolean {
  const pid = WRAPPED.exec(basename(path))?.[1];
  if (pid !== undefined) return isAlive(Number(pid));
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && now_ms - found.mtimeMs < QUIET_MS;
}

/** Whether a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
