import type { CaptureEvent } from '../../capture/events.ts';
import type { FormatReader } from '../../capture/formats/reader.ts';
import { Turns } from '../../capture/turns.ts';
import type { ToldLine, UnusableLine } from '../../engine/journal/import.ts';
import { idOf } from '../../engine/take-events.ts';
import type { Piece } from './piece.ts';
import { readPiece } from './pieces.ts';

export interface ToldOptions {
  /** Of a tool that is offered at no known time, epoch milliseconds: when the source was written. null: not known. */
  readonly written_ms: number | null;
}

/** What the pieces of a source tell, entry by entry. Pieces that tell nothing are told, too, so that they are counted. */
export async function* toldLines(
  pieces: AsyncIterable<Piece>,
  reader: FormatReader,
  { written_ms }: ToldOptions,
): AsyncGenerator<ToldLine | UnusableLine> {
  const turns = new Turns(idOf);
  let line = 0;
  for await (const piece of pieces) {
    line = piece.line;
    if (piece.text?.trim() === '') {
      yield { line, told: [], id: '' };
      continue;
    }
    const read = readPiece(piece);
    const taken = 'problem' in read ? { events: [], problem: read.problem } : reader.take(read.value, piece.key);
    if (taken.problem !== null) yield { line, problem: taken.problem };
    let entries = 0;
    for (const event of taken.events) {
      const told = turns.take(dated(event, written_ms));
      entries += told.length;
      yield* linesOf(line, told);
    }
    if (entries === 0 && taken.problem === null) yield { line, told: [], id: '' };
  }
  for (const event of reader.end()) yield* linesOf(line, turns.take(dated(event, written_ms)));
  yield* linesOf(line, turns.end(Date.now()));
}

/** Entries one by one, so that a transaction takes in the same number of them, however much a line tells. */
function* linesOf(line: number, told: ReturnType<Turns['take']>): Generator<ToldLine> {
  for (const entry of told) yield { line, told: [entry], id: '' };
}

/** So that an old list of tools does not replace a newer one, and the same list is known the second time. */
function dated(event: CaptureEvent, written_ms: number | null): CaptureEvent {
  return event.kind === 'tool' && event.at_ms === null ? { ...event, at_ms: written_ms } : event;
}
