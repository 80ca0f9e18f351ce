import { posix, win32 } from 'node:path';
import { quoted } from '../../core/quote.ts';
import { ConfigurationError } from '../../errors.ts';

/** What paths depend on, apart from the words a person typed. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
  readonly cwd: string;
}

/** `toolwise/toolwise.db` in the folder where this system keeps a user's data. */
export function defaultDatabase(surroundings: Surroundings): string {
  return pathsOf(surroundings).join(dataFolder(surroundings), 'toolwise', 'toolwise.db');
}

function dataFolder({ env, platform, home }: Surroundings): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  const xdg = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path is to be ignored.
  return xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share');
}

/** An absolute path; a leading `~` is the home folder. `:memory:` stays. @throws ConfigurationError for text that SQLite would misread */
export function databasePath(text: string, origin: string, surroundings: Surroundings): string {
  if (text === ':memory:') return text;
  if (text.trim() === '') throw new ConfigurationError(`${origin} is empty; give the path of a file, or :memory:`);
  if (text.includes('\0')) throw new ConfigurationError(`${origin} is ${quoted(text)}; give a path without NUL characters`);
  if (/^file:/i.test(text)) throw new ConfigurationError(`${origin} is ${quoted(text)}; give a plain path instead of a file: address`);
  return pathsOf(surroundings).resolve(surroundings.cwd, expandHome(text, surroundings));
}

export function expandHome(text: string, surroundings: Surroundings): string {
  return /^~(?=$|[\\/])/.test(text) ? pathsOf(surroundings).join(surroundings.home, text.slice(1)) : text;
}

function pathsOf({ platform }: Surroundings): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
