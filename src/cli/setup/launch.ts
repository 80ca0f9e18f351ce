import { posix, win32 } from 'node:path';
import type { Given } from '../configure.ts';
import { databasePath, expandHome, type Surroundings } from '../settings/paths.ts';
import { flagOf, SETTING_NAMES } from '../settings/schema.ts';

/** How a server is started. */
export interface Entry {
  readonly type?: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
}

/** What is known about the process that runs the setup. */
export interface Program {
  /** The Node that runs it: process.execPath. */
  readonly node: string;
  /** The script it runs: process.argv[1]. */
  readonly script: string;
  readonly surroundings: Surroundings;
  /** The path without symbolic links; null: there is no such file. */
  realPath(path: string): string | null;
}

/**
 * The path of the running Node that lasts longest. Clients with a window have no PATH of a shell, so the path is absolute. The running
 * binary may lie in a folder named after its version; the link on PATH that leads to it stays when Node is upgraded. Links that a
 * version manager makes for one shell do not.
 */
export function lastingNode({ node, surroundings: { env, platform }, realPath }: Program): string {
  const { delimiter, join, isAbsolute } = platform === 'win32' ? win32 : posix;
  const binary = platform === 'win32' ? 'node.exe' : 'node';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder) && !PASSING.test(folder));
  const running = realPath(node) ?? node;
  return folders.map((folder) => join(folder, binary)).find((path) => realPath(path) === running) ?? node;
}

/** Folders on PATH that are gone after a while: fnm's of one shell, npm's of one script, and those for passing things. */
const PASSING = /multishell|node_modules|^\/(?:tmp|run\/user|var\/folders)\//i;

/** dist/toolwise.js, also where it was started through the link that npm makes for it. */
export function scriptPath({ script, realPath }: Program): string {
  return script.endsWith('.js') ? script : (realPath(script) ?? script);
}

/** npx keeps packages for a while only. */
export function isPassing(script: string): boolean {
  return /[\\/]_npx[\\/]/.test(script);
}

/** The settings given as flags, as arguments for the server; paths are absolute, since clients start servers in any folder. */
export function serverFlags({ flags, config }: Given, surroundings: Surroundings): readonly string[] {
  const { resolve } = surroundings.platform === 'win32' ? win32 : posix;
  const file = config === undefined ? [] : ['--config', resolve(surroundings.cwd, expandHome(config, surroundings))];
  const settings = SETTING_NAMES.flatMap((name) => {
    const value = flags.get(name);
    if (value === undefined) return [];
    if (typeof value === 'boolean') return [`${flagOf(name)}=${value}`];
    if (name === 'read_only') return [`${flagOf(name)}=${value}`];
    return [flagOf(name), name === 'db' ? databasePath(value, '--db', surroundings) : value];
  });
  return [...file, ...settings];
}

/** Whether an entry starts toolwise itself, not through it another server. */
export function startsToolwise(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { command, args = [] } = value as { command?: unknown; args?: unknown };
  if (typeof command !== 'string' || !Array.isArray(args) || !args.every((item) => typeof item === 'string')) return false;
  const words = [command, ...args];
  return words.some((word, at) => IS_TOOLWISE.test(word) && !['wrap', 'hook'].includes(words[at + 1] ?? ''));
}

const IS_TOOLWISE = /(?:^|[\\/])toolwise(?:\.(?:js|cmd|exe))?(?:@[^\\/]*)?$/;

/** The flags of an entry that is there already: they stay where none are given. */
export function flagsOf(value: unknown): readonly string[] {
  if (!startsToolwise(value)) return [];
  const words = [value.command, ...(value.args ?? [])];
  return words.slice(words.findIndex((word) => IS_TOOLWISE.test(word)) + 1);
}
