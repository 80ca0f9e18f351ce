import type { Readable, Writable } from 'node:stream';

/** Looks at what passes. It may not change the bytes, and what it throws is a bug that must not stop them. */
export interface Observer {
  /** Whether this chunk has to be looked at before anybody else can see it. */
  isUrgent(chunk: Buffer): boolean;
  look(chunk: Buffer): void;
  end(): void;
}

/** One for each direction. */
export interface Observers {
  /** Of what the client sends. */
  readonly client: Observer;
  readonly server: Observer;
  /** The client is going: it has closed a pipe, has died, or ends the server by a signal. */
  clientLeft(): void;
  serverExited(): void;
}

const blind: Observer = { isUrgent: () => false, look: () => {}, end: () => {} };

export const NOTHING_SEEN: Observers = Object.freeze({ client: blind, server: blind, clientLeft: () => {}, serverExited: () => {} });

/**
 * Passes bytes on as they come, with backpressure and the end. A side that breaks ends the other: the source is closed, as its writer would have
 * seen without us.
 * @returns resolves when the source has ended and all of it is handed on, or when a side broke; true: it ended in order
 */
export function relay(from: Readable, to: Writable, observer: Observer): Promise<boolean> {
  return new Promise((resolve) => {
    const broken = () => {
      from.destroy();
      resolve(false);
    };
    from.on('data', (chunk: Buffer) => {
      const isUrgent = observer.isUrgent(chunk);
      if (isUrgent) observer.look(chunk);
      if (!to.write(chunk)) from.pause();
      if (!isUrgent) observer.look(chunk);
    });
    to.on('drain', () => from.resume());
    to.on('error', broken);
    to.on('close', broken); // after the end it is too late to matter
    from.on('error', broken);
    from.on('end', () => {
      observer.end();
      to.end(() => resolve(true));
    });
  });
}
