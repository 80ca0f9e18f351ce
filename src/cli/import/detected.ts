import { asRecord } from '../../capture/formats/fields.ts';
import { type Format, formatOf } from './formats.ts';
import type { Piece } from './piece.ts';
import { readPiece } from './pieces.ts';

/** Pieces that are looked at; transcripts may begin with some that say nothing. */
const MOST_LOOKED_AT = 100;

/** A source and the format that it is in. */
export interface Detected {
  /** null: none that is known. */
  readonly format: Format | null;
  /** What was found instead, for a person. */
  readonly found: string;
  /** All of the source. */
  readonly pieces: AsyncIterable<Piece>;
}

/** Tells the format of a source from the first of its pieces whose shape is known. */
export async function detected(pieces: AsyncGenerator<Piece>): Promise<Detected> {
  const seen: Piece[] = [];
  let found = '';
  while (seen.length < MOST_LOOKED_AT) {
    const next = await pieces.next();
    if (next.done === true) break;
    seen.push(next.value);
    if (next.value.text?.trim() === '') continue;
    const read = readPiece(next.value);
    const format = 'problem' in read ? null : formatOf(read.value, next.value.key);
    if (format !== null) return { format, found, pieces: replayed(seen, pieces) };
    found ||= 'problem' in read ? read.problem : described(read.value);
  }
  return { format: null, found, pieces: replayed(seen, pieces) };
}

async function* replayed(seen: Piece[], rest: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  for (let first = seen.shift(); first !== undefined; first = seen.shift()) yield first;
  yield* rest;
}

function described(value: unknown): string {
  const record = asRecord(value);
  if (record === null) return Array.isArray(value) ? 'a list of something else' : `the value ${JSON.stringify(value)?.slice(0, 40)}`;
  const fields = Object.keys(record).slice(0, 8);
  return fields.length === 0 ? 'an object without fields' : `an object with ${fields.join(', ').slice(0, 120)}`;
}
