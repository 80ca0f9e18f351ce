import { nestsDeeperThan } from '../../core/json-depth.ts';
import { LONGEST_LINE, linesIn } from '../read-lines.ts';
import { documentPieces } from './document-pieces.ts';
import { isDocument, peeked } from './peek.ts';
import type { Piece } from './piece.ts';

/** Levels of JSON that are read. Beyond some thousands, whoever walks through a value overflows the stack. */
const DEEPEST = 200;

/**
 * Cuts JSON Lines, or one document of JSON however it is laid out, into pieces, with little in memory at once. Lists are cut into their elements;
 * of a document that is an object, lists that hold messages or spans.
 */
export async function* piecesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const { head, all } = await peeked(chunks);
  if (isDocument(head)) return yield* documentPieces(all, head);
  let line = 0;
  for await (const text of linesIn(all)) {
    line += 1;
    yield { line, key: null, text, value: undefined, problem: text.length >= LONGEST_LINE ? 'it is longer than 16 MiB' : null };
  }
}

/** What a piece holds; a text where it cannot be read: why. */
export function readPiece({ text, value, problem }: Piece): { readonly value: unknown } | { readonly problem: string } {
  if (problem !== null) return { problem };
  try {
    const read: unknown = text === null ? value : JSON.parse(text);
    return nestsDeeperThan(read, DEEPEST) ? { problem: `it is nested deeper than ${DEEPEST} levels` } : { value: read };
  } catch (error) {
    return { problem: `it is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
