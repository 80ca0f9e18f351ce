import { accessSync, constants, existsSync, type Stats, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Diagnosis } from '../configure.ts';
import { isSupported, OLDEST_NODE } from '../node-version.ts';
import { type Finding, note, ok, problem, warning } from './finding.ts';

/** Where other users of the machine may read, or write. */
const OTHERS = 0o077;
const OTHERS_MAY_WRITE = 0o022;
/** In such a folder everybody may make files, but only touch their own, as in /tmp. */
const STICKY = 0o1000;

/** The Node that runs this. @param version like `process.versions.node` */
export function nodeFinding(version: string): Finding {
  return isSupported(version) ? ok('Node', version) : problem('Node', `${version}; toolwise needs ${OLDEST_NODE.join('.')} or newer`);
}

export function settingsFindings({ faults, warnings }: Diagnosis): readonly Finding[] {
  if (faults.length + warnings.length === 0) return [ok('settings', 'valid')];
  return [...faults.map((fault) => problem('settings', fault)), ...warnings.map((told) => warning('settings', told))];
}

/** A file that is not there yet: whether it could be made. */
export function missingFinding(file: string): Finding {
  let folder = dirname(file);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return note('database', 'does not exist yet; the first call of a tool makes it');
  } catch {
    return problem('database', `does not exist, and nothing can be made in ${folder}; check its permissions`);
  }
}

/** Who may read and write the database and what belongs to it. Systems without such permissions have nothing to check. */
export function permissionFindings(file: string): readonly Finding[] {
  const uid = process.getuid?.();
  if (uid === undefined) return [note('permissions', 'this system keeps them in another way; not checked')];
  const folder = dirname(file);
  const files = [file, `${file}-wal`, `${file}-shm`].flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? [] : fileFindings(path, stats, uid);
  });
  const found = [...files, ...folderFindings(folder, statSync(folder), uid)];
  const modes = `file ${modeOf(statSync(file))}, folder ${modeOf(statSync(folder))}`;
  return found.length > 0 ? found : [ok('permissions', `${modes}, yours`)];
}

function fileFindings(path: string, stats: Stats, uid: number): readonly Finding[] {
  const foreign = stats.uid === uid ? [] : [problem('permissions', `${basename(path)} belongs to user ${stats.uid}, not to you (${uid})`)];
  const open = (stats.mode & OTHERS) === 0 ? [] : [warning('permissions', openMessage(path, stats))];
  return [...foreign, ...open];
}

function openMessage(path: string, stats: Stats): string {
  return `others may read ${basename(path)} (mode ${modeOf(stats)}), which holds what was recorded; chmod 600 "${path}"`;
}

function folderFindings(folder: string, stats: Stats, uid: number): readonly Finding[] {
  if ((stats.mode & OTHERS_MAY_WRITE) !== 0 && (stats.mode & STICKY) === 0) {
    return [warning('permissions', `others may write in ${folder} (mode ${modeOf(stats)}); chmod go-w "${folder}"`)];
  }
  const isForeign = stats.uid !== uid && stats.uid !== 0;
  return isForeign ? [warning('permissions', `the folder ${folder} belongs to user ${stats.uid}, not to you (${uid})`)] : [];
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o1777).toString(8).padStart(3, '0');
}
