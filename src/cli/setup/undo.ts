import { rmSync } from 'node:fs';
import { UserError } from '../../errors.ts';
import { print } from '../output.ts';
import { backupsOf, readConfig, type Snapshot } from './config-file.ts';
import { diffText } from './diff.ts';
import { type Edit, onFile, snapshotOf, writeAll } from './edit.ts';
import type { FileChange } from './file-change.ts';
import { ConfigProblem } from './problem.ts';
import { agreed, declined } from './set-up.ts';
import type { Task } from './task.ts';

/** How the file was before, and the copy that says so. */
interface Original {
  /** null: there was no file. */
  readonly text: string | null;
  readonly backup: string | null;
}

/**
 * Takes toolwise out of the client's files; what others wrote since stays. Where nothing else has changed, the files are as they were
 * before setup, to the byte.
 * @returns the exit code
 * @throws UserError when it cannot be done; then nothing is changed
 */
export async function undo(task: Task): Promise<number> {
  const edits = task.changes.flatMap((change) => planned(task, change));
  if (edits.length === 0) return 0;
  if (!(await agreed(task, 'Take this out?'))) return declined();
  const written = writeAll(
    edits.map(({ edit }) => edit),
    new Date(),
  );
  for (const [at, { edit, backup }] of written.entries()) {
    const { file } = edit.change;
    const original = edits[at]?.original;
    // The copies say what the file says now, or, of a file that is gone, what setup writes: nothing is lost with them.
    if (original !== null && original !== undefined)
      for (const copy of [backup, original.backup]) if (copy !== null) rmSync(copy, { force: true });
    print(`${edit.after === null ? 'Removed' : 'Wrote'} ${file}.${original === null && backup !== null ? `\nBackup    ${backup}` : ''}`);
  }
  print(`Next      ${task.client.pick_up}`);
  return 0;
}

function planned({ client, force, mode_of_new, name, style }: Task, change: FileChange) {
  const snapshot = snapshotOf(change, mode_of_new);
  const state = onFile(change.file, () => change.state(snapshot.text));
  if (state === 'absent') {
    print(`${style.bold(client.title)}: ${change.what} is not in ${change.file}.`);
    return [];
  }
  if (state === 'foreign' && !force) {
    throw new UserError(
      `"${name}" in ${change.file} does not start toolwise; nothing was changed. To take it out all the same, give --force`,
    );
  }
  const original = onFile(change.file, () => originalOf(change, snapshot));
  const after = original === null ? onFile(change.file, () => change.remove(snapshot.text)) : original.text;
  const edit: Edit = { change, snapshot, after };
  print(`${style.bold(client.title)}: ${change.file}\n${diffText(snapshot.text, after ?? '', style)}\n`);
  return [{ edit, original }];
}

/** The text that became this one by our change alone: that of a backup, or none at all. null: others have changed it since. */
function originalOf(change: FileChange, { file, text, bytes, mark }: Snapshot): Original | null {
  const leadsHere = (before: string) => change.state(before) !== 'ours' && mark + change.copy(text, before) === bytes?.toString();
  for (const backup of backupsOf(file)) {
    try {
      const before = readConfig(backup, 0);
      if (before.mark === mark && leadsHere(before.text)) return { text: before.text, backup };
    } catch (error) {
      // A copy that cannot be read is none; the entry is then taken out of the text.
      if (!(error instanceof ConfigProblem || error instanceof UserError)) throw error;
    }
  }
  return leadsHere('') ? { text: null, backup: null } : null;
}
