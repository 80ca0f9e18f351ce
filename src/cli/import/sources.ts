import { readdirSync, statSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';

/** Beside the sessions of Claude Code: what tools gave back, in files of its own. */
const NO_SESSIONS = 'tool-results';

/**
 * The files that are meant: those given, and of a folder all that end in `.jsonl`, however deep, sorted. `-` is stdin.
 * @throws UserError when one of them cannot be read, or a folder has none
 */
export async function sourcesOf(paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (path === '-') found.push(path);
    else found.push(...(await readable(path)));
  }
  return [...new Set(found)];
}

async function readable(path: string): Promise<readonly string[]> {
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code}); nothing was imported`);
  });
  if (!statSync(path).isDirectory()) return [path];
  const files = filesUnder(path);
  if (files.length === 0) throw new UserError(`the folder ${path} has no files that end in .jsonl; nothing was imported`);
  return files;
}

function filesUnder(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === NO_SESSIONS ? [] : filesUnder(path);
    return entry.isFile() && entry.name.endsWith('.jsonl') ? [path] : [];
  });
}
