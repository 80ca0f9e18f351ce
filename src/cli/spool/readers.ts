import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './writers.ts';

const READER = /^reader-(\d+)$/;

/** Says in the spool that this process takes it in all the time, so that hooks need not. No spool yet: nothing is said. */
export function announceReader(folder: string): void {
  const path = join(folder, `reader-${process.pid}`);
  if (!existsSync(folder) || existsSync(path)) return;
  for (const name of readersIn(folder)) if (!isAlive(pidOf(name))) rmSync(join(folder, name), { force: true });
  writeFileSync(path, '', { mode: 0o600 });
}

/** This process no longer does. */
export function withdrawReader(folder: string): void {
  rmSync(join(folder, `reader-${process.pid}`), { force: true });
}

/** Whether a process that lives takes the spool in all the time. */
export function hasReader(folder: string): boolean {
  return readersIn(folder).some((name) => isAlive(pidOf(name)));
}

function readersIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => READER.test(name));
}

function pidOf(name: string): number {
  return Number(READER.exec(name)?.[1]);
}
