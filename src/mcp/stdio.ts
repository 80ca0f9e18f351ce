import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { InFlightTransport } from './in-flight.ts';

/**
 * Longest silence, in milliseconds, in which neither an answer nor a byte leaves before the rest is given up. After the end of stdin
 * it outlasts the store's ten seconds of waiting for a lock; a signal means now.
 */
export const PATIENCE_AT_END_MS = 11_000;
export const PATIENCE_AT_SIGNAL_MS = 400;

const LOOK_EVERY_MS = 2;

export interface StdioStreams {
  /** Lines of JSON-RPC. A limiter of line lengths would stand before this stream. */
  readonly stdin: Readable;
  readonly stdout: Writable;
}

export interface StdioConnection {
  /** Fulfilled once the connection is over: nothing more will be read, what was answered is flushed or given up. */
  readonly closed: Promise<void>;
  /** Stops reading, lets the requests in flight be answered and flushed, then closes. Later calls change nothing. */
  leave(patience_ms: number): void;
}

/**
 * Serves one client over stdio until its end: stdin ends, stdout breaks, or `leave` is called. The SDK's transport does not listen
 * for any of them: with a timer alive the process would stay for ever, and a broken pipe would crash it.
 */
export async function serveStdio(server: Server, { stdin, stdout }: StdioStreams): Promise<StdioConnection> {
  const transport = new InFlightTransport(new StdioServerTransport(stdin, stdout));
  let leaving = false;
  let leave: StdioConnection['leave'] = () => {};
  const closed = new Promise<void>((resolve) => {
    leave = (patience_ms) => {
      if (leaving) return;
      leaving = true;
      stdin.pause();
      void settled(transport, stdout, patience_ms).then(resolve);
    };
    for (const event of ['error', 'close']) stdout.on(event, () => resolve()); // EPIPE: the client is gone
  });
  for (const event of ['end', 'close', 'error']) stdin.on(event, () => leave(PATIENCE_AT_END_MS));
  transport.onsent = () => pauseUntilDrained(stdin, stdout, () => leaving);
  server.onclose = () => leave(PATIENCE_AT_SIGNAL_MS); // the SDK gave the connection up, for example over an endless line
  await server.connect(transport);
  return { closed, leave };
}

/** Waits until nothing is pending and stdout is flushed, as long as something moves. */
async function settled(transport: InFlightTransport, stdout: Writable, patience_ms: number): Promise<void> {
  let moved = '';
  let deadline = 0;
  while (transport.pending > 0 || stdout.writableLength > 0) {
    const now = performance.now();
    const state = `${transport.answered} ${stdout.writableLength}`;
    if (state !== moved) deadline = now + patience_ms;
    else if (now > deadline || stdout.destroyed) return;
    moved = state;
    await sleep(LOOK_EVERY_MS);
  }
}

/** A client that asks and does not read its answers must not fill our memory: input pauses while the output waits to drain. */
function pauseUntilDrained(stdin: Readable, stdout: Writable, isLeaving: () => boolean): void {
  if (!stdout.writableNeedDrain || stdin.isPaused()) return;
  stdin.pause();
  stdout.once('drain', () => {
    if (!isLeaving()) stdin.resume();
  });
}
