import { rmSync } from 'node:fs';
import { UserError } from '../../errors.ts';
import { backUp, putBack, readConfig, removeConfig, replaceConfig, type Snapshot } from './config-file.ts';
import type { FileChange } from './file-change.ts';
import { ConfigProblem } from './problem.ts';

/** A file as it is and as it is to be. */
export interface Edit {
  readonly change: FileChange;
  readonly snapshot: Snapshot;
  /** null: the file is to go. */
  readonly after: string | null;
}

export interface Written {
  readonly edit: Edit;
  /** Copy of the file as it was; null: there was none. */
  readonly backup: string | null;
}

/** Runs work on a file; what is wrong with the file is told with its name and line. @throws UserError */
export function onFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    const place = error.line === null ? file : `${file}, line ${error.line}`;
    throw new UserError(`${place}: ${error.message}; nothing was changed. Repair the file, or move it away, and run toolwise setup again`);
  }
}

export function snapshotOf(change: FileChange, mode_of_new: number): Snapshot {
  return onFile(change.file, () => readConfig(change.file, mode_of_new));
}

export function isChanged({ snapshot, after }: Edit): boolean {
  return after === null || after !== snapshot.text || (snapshot.bytes === null && after !== '');
}

/** Backs up and writes all the files, or none. @throws UserError */
export function writeAll(edits: readonly Edit[], now: Date): readonly Written[] {
  const written: Written[] = [];
  for (const edit of edits) {
    const { snapshot, after } = edit;
    const backup = backUp(snapshot, now);
    try {
      if (after === null) removeConfig(snapshot);
      else replaceConfig(snapshot, Buffer.from(snapshot.mark + after));
      written.push({ edit, backup });
    } catch (error) {
      if (backup !== null) rmSync(backup, { force: true });
      takeBack(written);
      throw error;
    }
  }
  return written;
}

/** Puts the files back as they were and removes the copies of them. */
export function takeBack(written: readonly Written[]): void {
  for (const { edit, backup } of written) {
    putBack(edit.snapshot);
    if (backup !== null) rmSync(backup, { force: true });
  }
}
