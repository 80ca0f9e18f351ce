import { logPosition } from '../../store/learner-snapshots.ts';
import type { PlacedEntry } from '../../store/log-entries.ts';
import type { Engine } from '../engine.ts';
import { LogReader } from './log-reader.ts';

/** How much of a long work is done; both in the same unit. */
export type Progress = (done: number, total: number) => void;

/** The entries of the log as it was at the call, a page in memory at a time; no transaction stays open between pages. */
export async function* entriesOf(
  engine: Pick<Engine, 'read'>,
  { progress, reader = new LogReader() }: { readonly progress?: Progress | undefined; readonly reader?: LogReader } = {},
): AsyncGenerator<PlacedEntry> {
  const head = await engine.read(logPosition);
  for (;;) {
    const page = await engine.read((trx) => reader.page(trx, head));
    if (page === null) return;
    yield* page;
    progress?.(reader.position, head);
  }
}
