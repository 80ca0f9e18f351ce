import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { closeSpoolFile, endSilentSessions, takeEvents } from '../../engine/take-events.ts';
import { spoolFiles, takenBytes } from '../../store/spool.ts';
import { COLLECTED, isSpoolFile } from './folder.ts';
import { eventsIn } from './read-events.ts';
import { isWritten } from './writers.ts';

/** Bytes of a file that are learned from in one transaction. */
const STRETCH = 65_536;
const MOST_PROBLEMS = 20;

/** What a pass over the spool did. */
export interface Collected {
  /** Entries that are new in the log, count. */
  readonly added: number;
  /** What could not be used, a sentence each; the first few. */
  readonly problems: readonly string[];
}

/**
 * Takes what recorders left in the spool into the database, each event exactly once, however many processes do so at the same time, and removes
 * files that nobody writes any more. No folder: nothing to do.
 * @param progress is told how many bytes were taken in since it was told last
 * @throws StorageError when the database cannot be written; what was taken before stays
 */
export async function collect(engine: Engine, folder: string, progress: (bytes: number) => void = () => {}): Promise<Collected> {
  const began_ms = Date.now();
  const names = spoolNames(folder);
  if (names === null) return { added: 0, problems: [] };
  let added = 0;
  let has_read = false;
  const problems: string[] = [];
  const told = (bytes: number) => {
    has_read = true;
    progress(bytes);
  };
  for (const name of names) {
    const is_over = !isWritten(join(folder, name), began_ms);
    const taken = await takeFile(engine, join(folder, name), { name, progress: told });
    if (is_over && !hasChanged(join(folder, name), began_ms)) rmSync(join(folder, name), { force: true });
    added += taken.added;
    problems.push(...taken.problems.slice(0, MOST_PROBLEMS - problems.length).map((problem) => `${name}: ${problem}`));
  }
  await closeRemoved(engine, folder);
  await endSilentSessions(engine);
  if (has_read) stamp(join(folder, COLLECTED), began_ms);
  return { added, problems };
}

/** Files of events, in the order of their names; null: there is no spool. */
export function spoolNames(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder).filter(isSpoolFile).sort();
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Another process took the rest of it and removed it. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function takeFile(
  engine: Engine,
  path: string,
  { name, progress }: { readonly name: string; readonly progress: (bytes: number) => void },
): Promise<Collected> {
  const problems: string[] = [];
  let added = 0;
  let at = await engine.read((trx) => takenBytes(trx, name));
  const size = sizeOf(path);
  if (size < at) {
    await closeSpoolFile(engine, name); // another file has its name
    at = 0;
  }
  if (size <= at) return { added, problems };
  await using file = await open(path, 'r').catch((error: unknown) => {
    if (isGone(error)) return null;
    throw error;
  });
  if (file === null) return { added, problems };
  for (;;) {
    const stretch = await eventsIn(file, at, STRETCH);
    if (stretch === null) return { added, problems };
    const taken = await takeEvents(engine, { name, from: at, to: stretch.to, events: stretch.events });
    progress(taken.taken_bytes - at);
    at = taken.taken_bytes;
    added += taken.added;
    problems.push(...stretch.problems, ...taken.problems);
  }
}

/** Files that are gone, removed here or elsewhere. */
async function closeRemoved(engine: Engine, folder: string): Promise<void> {
  const known = await engine.read(spoolFiles);
  if (known.length === 0) return;
  const there = new Set(spoolNames(folder));
  for (const name of known) if (!there.has(name)) await closeSpoolFile(engine, name);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function hasChanged(path: string, since_ms: number): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? since_ms) >= since_ms;
}

/** Says to hooks that nothing older waits. Not at every pass: most find nothing, twice a second. */
function stamp(path: string, at_ms: number): void {
  writeFileSync(path, '', { mode: 0o600 });
  utimesSync(path, at_ms / 1000, at_ms / 1000);
}
