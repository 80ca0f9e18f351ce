/** A part of a source that can be read on its own. */
export interface Piece {
  /** From 1: of the line, or of the element of a document. */
  readonly line: number;
  /** Where it stands in a document that is one object; null: a line, or an element of the outermost list. */
  readonly key: string | null;
  /** A line as it is. */
  readonly text: string | null;
  /** An element of a document; a line is read with `readPiece`. */
  readonly value: unknown;
  /** Why it cannot be read; null: it can. */
  readonly problem: string | null;
}
