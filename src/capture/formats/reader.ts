import type { CaptureEvent } from '../events.ts';

/** What one JSON value of a source told. */
export interface Taken {
  readonly events: readonly CaptureEvent[];
  /** Why nothing could be made of it, for a person; null: all is well. What a format holds besides calls is ignored and no problem. */
  readonly problem: string | null;
}

/** Turns the JSON values of one source, in their order, into events. Its memory is bounded, and no shape makes it throw. */
export interface FormatReader {
  /** @param key where the value stands in a document that is one object (`messages`); null: a line, or an element of the outermost list */
  take(value: unknown, key: string | null): Taken;
  /** What is left when there is no more. */
  end(): readonly CaptureEvent[];
}

export interface ReaderOptions {
  /** Names the session where the source does not: the file's name without its end. */
  readonly fallback: string;
  /** Of any text, the same for the same text, hexadecimal. */
  readonly hash: (text: string) => string;
}

export const NOTHING: Taken = Object.freeze({ events: [], problem: null });

export function told(events: readonly CaptureEvent[]): Taken {
  return events.length === 0 ? NOTHING : { events, problem: null };
}

export function unusable(problem: string): Taken {
  return { events: [], problem };
}
