import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Exit, type Server, signalGroup } from './child.ts';
import { endServer, onOrphaned, passSignalsOn } from './endings.ts';
import { startGuard } from './guard.ts';
import { outputStream } from './output-stream.ts';
import { type Observers, relay } from './relay.ts';

/** What a dead server wrote is still in the pipe; what it started and left may hold the pipe open for ever. */
const LAST_WORDS_MS = 500;

/** Passes everything on between the client on our stdin and stdout and the server, until the server has ended and all it said is handed on. */
export async function serveWrapped(server: Server, observers: Observers): Promise<Exit> {
  const guard = process.platform === 'win32' || server.pid === undefined ? null : startGuard(server.pid);
  const exited = new Promise<Exit>((resolve) =>
    server.on('exit', (code, signal) => {
      observers.serverExited();
      resolve({ code, signal });
    }),
  );
  passSignalsOn(server, () => observers.clientLeft());
  const ending = once(() => {
    observers.clientLeft();
    void endServer(server);
  });
  onOrphaned(ending);
  void relay(process.stdin, server.stdin, observers.client);
  const output = outputStream();
  const said = relay(server.stdout, output, observers.server).then((inOrder) => inOrder || ending());
  const exit = await exited;
  process.stdin.destroy();
  if (exit.signal !== null) signalGroup(server, 'SIGTERM');
  await allHandedOn(server, output, said);
  if (!signalGroup(server, 0)) guard?.dismiss();
  return exit;
}

/** A client that reads slowly gets everything, as it would from a server that waits to be read. */
async function allHandedOn({ stdout }: Server, output: Writable, said: Promise<unknown>): Promise<void> {
  const lastWords = async () => {
    for (let before = -1; before < passedOn(stdout) || stdout.isPaused() || output.writableLength > 0; ) {
      before = passedOn(stdout);
      await sleep(LAST_WORDS_MS);
    }
  };
  await Promise.race([said, lastWords()]);
}

function passedOn(stream: Readable): number {
  return 'bytesRead' in stream ? Number(stream.bytesRead) : 0;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
