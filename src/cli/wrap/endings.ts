import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, signalGroup } from './child.ts';

/** Passed on to the server: how it reacts is its own affair. */
const PASSED_ON = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
const LOOK_FOR_PARENT_EVERY_MS = 200;
/** Nobody is there any more to end the server: so long it may take by itself, and after SIGTERM. */
const GRACE_MS = 2_000;

/**
 * Hands the signals that we get to the server, and to nobody else: what it started is its own affair, as it would be without us. When it is gone
 * already they are meant for us.
 * @param onEnding called when one is handed on that is sent to end a process
 */
export function passSignalsOn(server: Server, onEnding: () => void): void {
  for (const signal of PASSED_ON) {
    try {
      process.on(signal, () => {
        if (server.exitCode !== null || server.signalCode !== null) return endBy(signal);
        if (!signal.startsWith('SIGUSR')) onEnding();
        server.kill(signal);
      });
    } catch {
      // Windows does not know all of them
    }
  }
}

/** Ends this process by a signal, as it ended the server. */
export function endBy(signal: NodeJS.Signals): void {
  for (const passed of PASSED_ON) process.removeAllListeners(passed);
  process.kill(process.pid, signal);
  // One that does not end us, on this system.
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1_000);
}

/** Calls back once when our parent has died: our stdin may be held open by somebody else. */
export function onOrphaned(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, LOOK_FOR_PARENT_EVERY_MS);
  timer.unref();
}

/** Ends a server whose client is gone: first as a client would, then with less patience. */
export async function endServer(server: Server): Promise<void> {
  server.stdin.end();
  await sleep(GRACE_MS, undefined, { ref: false });
  if (signalGroup(server, 'SIGTERM')) await sleep(GRACE_MS, undefined, { ref: false });
  signalGroup(server, 'SIGKILL');
}
