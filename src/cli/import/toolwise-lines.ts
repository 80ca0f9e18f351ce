import type { ToldLine, UnusableLine } from '../../engine/journal/import.ts';
import { sha256 } from '../../engine/tool-catalogue.ts';
import { parseLine } from './parse-line.ts';
import type { Piece } from './piece.ts';

/** Reads lines as `export` writes them. An entry without an id gets one from its line and place. */
export async function* toolwiseLines(pieces: AsyncIterable<Piece>): AsyncGenerator<ToldLine | UnusableLine> {
  for await (const { line, text, value, problem } of pieces) {
    if (problem !== null) yield { line, problem };
    else if (text?.trim() === '') yield { line, told: [], id: '' };
    else yield told(line, text ?? JSON.stringify(value));
  }
}

function told(line: number, text: string): ToldLine | UnusableLine {
  try {
    return { line, told: [parseLine(text)], id: `line-${sha256(`${line}:${text}`).slice(0, 32)}` };
  } catch (error) {
    return { line, problem: error instanceof Error ? error.message : String(error) };
  }
}
