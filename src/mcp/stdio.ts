import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { LineTransport } from './line-transport.ts';

/**
 * Longest silence, in milliseconds, in which neither an answer nor a byte leaves before the rest is given up. After the end of stdin
 * it outlasts the store's ten seconds of waiting for a lock; a signal means now.
 */
export const PATIENCE_AT_END_MS = 11_000;
export const PATIENCE_AT_SIGNAL_MS = 400;

const LOOK_EVERY_MS = 2;

export interface StdioStreams {
  /** Lines of JSON-RPC. */
  readonly stdin: Readable;
  readonly stdout: Writable;
}

export interface StdioConnection {
  /** Fulfilled once the connection is over: nothing more will be read, what was answered is flushed or given up. */
  readonly closed: Promise<void>;
  /** Stops reading, lets the requests in flight be answered and flushed, then closes. A later call can only shorten the patience. */
  leave(patience_ms: number): void;
}

/** Serves one client over stdio until its end: stdin ends, stdout breaks, or `leave` is called. */
export async function serveStdio(server: Server, { stdin, stdout }: StdioStreams): Promise<StdioConnection> {
  const transport = new LineTransport(stdin, stdout);
  const patience = { ms: PATIENCE_AT_END_MS };
  const closed = new Promise<void>((resolve) => {
    transport.onstop = () => void settled(transport, stdout, patience).then(resolve);
    for (const event of ['error', 'close']) {
      stdout.on(event, () => {
        transport.stop(); // EPIPE: the client is gone
        resolve();
      });
    }
  });
  const leave = (patience_ms: number) => {
    patience.ms = Math.min(patience.ms, patience_ms);
    transport.stop();
  };
  transport.onend = () => leave(PATIENCE_AT_END_MS);
  await server.connect(transport);
  return { closed, leave };
}

/** Waits until nothing is pending and stdout is flushed, as long as something moves. */
async function settled({ inFlight }: LineTransport, stdout: Writable, patience: { readonly ms: number }): Promise<void> {
  let moved = '';
  let moved_at = performance.now();
  while (inFlight.pending > 0 || stdout.writableLength > 0) {
    const state = `${inFlight.settled} ${stdout.writableLength}`;
    if (state !== moved) moved_at = performance.now();
    else if (performance.now() - moved_at > patience.ms || stdout.destroyed) return;
    moved = state;
    await sleep(LOOK_EVERY_MS);
  }
}
