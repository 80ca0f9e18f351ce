import { UserError } from '../../errors.ts';
import { print } from '../output.ts';
import { diffText } from './diff.ts';
import { type Edit, isChanged, onFile, snapshotOf, takeBack, type Written, writeAll } from './edit.ts';
import { entryIn } from './entry-change.ts';
import type { FileChange } from './file-change.ts';
import { isPlainJson } from './json-tree.ts';
import type { Task } from './task.ts';
import { tryServer } from './try-server.ts';

/**
 * Puts toolwise into the client's files: shows the change, asks a person at a terminal, backs up, writes, starts the server from what
 * was written, and puts everything back when it does not start.
 * @returns the exit code
 * @throws UserError when it cannot be done; then nothing is changed
 */
export async function setUp(task: Task): Promise<number> {
  const edits: Edit[] = [];
  for (const change of task.changes) edits.push(await planned(task, change));
  const pending = edits.filter(isChanged);
  for (const edit of edits) show(task, edit);
  if (pending.length > 0 && !(await agreed(task, 'Write this?'))) return declined();
  const written = writeAll(pending, new Date());
  const { version, tools } = await started(task, written);
  const line = written.length === 0 ? 'Nothing had to be changed.' : `Wrote ${written.map(({ edit }) => edit.change.file).join(' and ')}.`;
  const backups = written.flatMap(({ backup }) => (backup === null ? [] : [`Backup    ${backup}`]));
  print([line, ...backups, `Started   toolwise ${version} from the entry: ${tools} tools`, `Next      ${task.client.pick_up}`].join('\n'));
  print(`Undo      ${task.undo_command}`);
  return 0;
}

async function planned(task: Task, change: FileChange): Promise<Edit> {
  const snapshot = snapshotOf(change, task.mode_of_new);
  const state = onFile(change.file, () => change.state(snapshot.text));
  if (state === 'foreign' && !task.force && !(await replaced(task, change))) {
    throw new UserError(
      `${change.file} has another server called "${task.name}"; nothing was changed. Give ours another name with --name, or replace that one with --force`,
    );
  }
  return { change, snapshot, after: onFile(change.file, () => change.put(snapshot.text)) };
}

async function replaced({ confirm, name, yes }: Task, { file }: FileChange): Promise<boolean> {
  return confirm !== null && !yes && (await confirm(`${file} has another server called "${name}". Replace it?`));
}

function show({ client, style }: Task, edit: Edit): void {
  const { change, snapshot, after } = edit;
  print(`${style.bold(client.title)}: ${change.file}${snapshot.bytes === null ? ' (new)' : ''}`);
  if (!isChanged(edit)) print(`  ${change.what} is there already`);
  else print(`${diffText(snapshot.text, after ?? '', style)}\n`);
  if (client.format === 'json' && snapshot.text.trim() !== '' && !isPlainJson(snapshot.text)) {
    print(`  Note: the file has comments or trailing commas, which ${client.title} may not read.`);
  }
}

/** @throws UserError when the server does not start; the files are as they were before */
async function started({ client, name, changes }: Task, written: readonly Written[]) {
  try {
    const [entry] = changes;
    if (entry === undefined) throw new UserError('there is nothing to start');
    return await tryServer(entryIn(client, snapshotOf(entry, 0).text, name));
  } catch (error) {
    takeBack(written);
    const left = written.length === 0 ? 'Nothing was changed.' : 'The files are as they were before.';
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n${left} toolwise doctor may tell more`);
  }
}

/** Without a terminal there is nobody to ask: a script that names a client means it. */
export async function agreed({ confirm, yes }: Task, question: string): Promise<boolean> {
  return yes || confirm === null || (await confirm(question));
}

export function declined(): number {
  print('Nothing was changed.');
  return 0;
}
