import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { quoted } from '../../core/quote.ts';

export type Server = ChildProcessByStdio<Writable, Readable, null>;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const NOT_FOUND = 127;
const NOT_STARTED = 126;
const isWindows = process.platform === 'win32';

/** Starts the wrapped server: its stdin and stdout are ours to pass on, its stderr is our own. On POSIX it leads a process group of its own. */
export function startServer(command: string, args: readonly string[]): Server {
  // npx and the like are .cmd files on Windows, which only a shell can start.
  const options = isWindows ? { shell: !/\.(exe|com)$/i.test(command), windowsHide: true } : { detached: true };
  return spawn(command, isWindows && options.shell ? args.map(quotedForCmd) : args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Resolves when the server runs. @returns null, or what to say and to exit with */
export async function startedOrWhy(server: Server, command: string): Promise<{ readonly text: string; readonly code: number } | null> {
  try {
    await once(server, 'spawn');
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = error instanceof Error ? error.message : String(error);
    if (code === 'ENOENT')
      return { text: `${quoted(command)} was not found; give a program that is on the PATH, or its full path`, code: NOT_FOUND };
    return { text: `${quoted(command)} cannot be started (${why}); is it a program that you may run?`, code: NOT_STARTED };
  }
}

/** Sends a signal to all that the server started and that stayed in its group. @returns false: nothing is left */
export function signalGroup(server: Server, signal: NodeJS.Signals | 0): boolean {
  if (server.pid === undefined) return false;
  try {
    process.kill(isWindows ? server.pid : -server.pid, signal);
    return true;
  } catch {
    return false; // no such process, or none of ours
  }
}

function quotedForCmd(word: string): string {
  return /^[\w./:=@\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`;
}
