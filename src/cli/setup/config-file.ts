import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { ConfigProblem } from './problem.ts';

/** A file as it was read. */
export interface Snapshot {
  /** As the client names it. */
  readonly file: string;
  /** Where its bytes are: the end of symbolic links. */
  readonly target: string;
  /** null: there is no file yet. */
  readonly bytes: Buffer | null;
  /** Without the byte order mark. */
  readonly text: string;
  readonly mark: string;
  readonly mode: number;
}

const BACKUP = '.toolwise-backup-';
const OWNER_ONLY = 0o600;

/** @throws ConfigProblem when it is no UTF-8 text, UserError when it cannot be read */
export function readConfig(file: string, mode_of_new: number): Snapshot {
  const target = targetOf(file);
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) return { file, target, bytes: null, text: '', mark: '', mode: mode_of_new };
  if (!found.isFile()) throw new ConfigProblem('it is not a file');
  const bytes = explained(file, 'read', () => readFileSync(target));
  const decoded = decode(bytes);
  const mark = decoded.startsWith('\uFEFF') ? '\uFEFF' : '';
  return { file, target, bytes, text: decoded.slice(mark.length), mark, mode: found.mode & 0o7777 };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ConfigProblem('it is not UTF-8 text');
  }
}

function targetOf(file: string): string {
  const link = lstatSync(file, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() !== true) return file;
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? resolve(dirname(file), readlinkSync(file)) : realpathSync(file);
}

/** A copy beside the file that only its owner can read, since such files hold keys; null: there was nothing to copy. */
export function backUp({ file, bytes }: Snapshot, now: Date): string | null {
  if (bytes === null) return null;
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('.', '-');
  const backup = `${file}${BACKUP}${stamp}`;
  explained(file, 'copied', () => writeNew(backup, bytes, OWNER_ONLY));
  return backup;
}

/** The backups of a file, newest first. */
export function backupsOf(file: string): readonly string[] {
  const begin = basename(file) + BACKUP;
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(begin));
  return names
    .sort()
    .reverse()
    .map((name) => join(dirname(file), name));
}

/**
 * Replaces the file at once, with the mode it had; its folders are made. A link stays a link: what it leads to is replaced.
 * @throws UserError when it may not be written, or was changed since it was read
 */
export function replaceConfig(snapshot: Snapshot, bytes: Buffer): void {
  const { file, target, mode } = snapshot;
  requireWritable(snapshot);
  explained(file, 'written', () => {
    mkdirSync(dirname(target), { recursive: true });
    const temporary = join(dirname(target), `.${basename(target)}.toolwise-${process.pid}`);
    try {
      writeNew(temporary, bytes, mode);
      requireUnchanged(snapshot);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/** Puts back what was read, whatever is there now. */
export function putBack({ target, bytes, mode }: Snapshot): void {
  if (bytes === null) {
    rmSync(target, { force: true });
    return;
  }
  const temporary = `${target}.toolwise-${process.pid}`;
  writeNew(temporary, bytes, mode);
  renameSync(temporary, target);
}

/** @throws UserError when it may not be removed, or was changed since it was read */
export function removeConfig(snapshot: Snapshot): void {
  requireWritable(snapshot);
  requireUnchanged(snapshot);
  explained(snapshot.file, 'removed', () => rmSync(snapshot.target, { force: true }));
}

function writeNew(path: string, bytes: Buffer, mode: number): void {
  const descriptor = openSync(path, 'wx', mode);
  try {
    fchmodSync(descriptor, mode);
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A rename would go through also where a person took the right to write away. */
function requireWritable({ file, bytes, mode }: Snapshot): void {
  if (bytes !== null && (mode & 0o222) === 0) {
    throw new UserError(`${file} is read-only; nothing was changed. Make it writable, or add the entry by hand: see --print`);
  }
}

function requireUnchanged({ file, target, bytes }: Snapshot): void {
  const now = statSync(target, { throwIfNoEntry: false }) === undefined ? null : readFileSync(target);
  const same = bytes === null || now === null ? bytes === now : bytes.equals(now);
  if (!same) throw new UserError(`${file} was changed by another program in the meantime; nothing was written. Run toolwise setup again`);
}

function explained<T>(file: string, done: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new UserError(`${file} cannot be ${done} (${String(error.code)}); nothing was changed. See who owns it and its folder`);
  }
}
