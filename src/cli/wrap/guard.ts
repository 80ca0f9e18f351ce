import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends what is left of a process group when we are gone, also when we were killed with SIGKILL: its stdin is a pipe from us. One line on it says
 * that nothing is left. The second before the first signal is for servers that end by themselves when their own stdin ends. `kill -s` is what POSIX
 * has: dash refuses `kill -TERM -- -1`.
 */
const SCRIPT = 'read -r _ && exit 0; sleep 1; kill -s TERM -- "-$1" 2>/dev/null || exit 0; sleep 2; kill -s KILL -- "-$1" 2>/dev/null';

export interface Guard {
  /** Nothing is left to end. */
  dismiss(): void;
}

/** @param group the process group; POSIX only */
export function startGuard(group: number): Guard {
  const shell: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, 'toolwise-wrap-guard', String(group)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // a signal to our own group is not for it
    cwd: '/', // it must not hold a folder that is to be removed
    env: { PATH: process.env['PATH'] ?? '' },
  });
  shell.on('error', () => {}); // without a shell a server that ignores the end of its stdin outlives our SIGKILL
  shell.stdin?.on('error', () => {});
  shell.unref();
  return { dismiss: () => void shell.stdin?.end('done\n') };
}
