import { MESSAGE_FIELDS, type SeenMessage } from '../../capture/formats/mcp.ts';
import { JsonScan } from './json-scan.ts';

/** Longer lines are not held: only the fields that matter are read of them. */
export const LONGEST_LINE = 1_048_576;

const NEWLINE = 0x0a;

/** Reads the messages in a stream of bytes that somebody else passes on. Chunks are cut anywhere; they are not changed. */
export class LineTap {
  readonly #isWanted: () => boolean;
  readonly #longest: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** What happens with the line that is under way. */
  #line: 'begins' | 'held' | 'scanned' | 'passed over' = 'begins';
  #scan: JsonScan | null = null;
  #seen: SeenMessage[] = [];

  /** @param isWanted asked at the beginning of each line @param longest bytes of a line that is held */
  constructor(isWanted: () => boolean = () => true, longest = LONGEST_LINE) {
    this.#isWanted = isWanted;
    this.#longest = longest;
  }

  /** @returns the messages that ended with these bytes; what is not JSON is none */
  push(chunk: Buffer): readonly SeenMessage[] {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, from);
      this.#take(chunk.subarray(from, end === -1 ? chunk.length : end));
      if (end === -1) break;
      this.#endLine();
      from = end + 1;
    }
    return this.#taken();
  }

  /** The stream has ended; its last line may lack the line end. */
  end(): readonly SeenMessage[] {
    this.#endLine();
    return this.#taken();
  }

  #take(piece: Buffer): void {
    if (this.#line === 'begins') this.#line = this.#isWanted() ? 'held' : 'passed over';
    if (this.#line === 'passed over') return;
    this.#bytes += piece.length;
    if (this.#line === 'held') this.#pieces.push(piece);
    if (this.#line === 'held' && this.#bytes > this.#longest) this.#scanOn();
    else this.#scan?.push(piece);
  }

  /** The line has become too long: what is held of it goes through the scanner, as will the rest. */
  #scanOn(): void {
    this.#line = 'scanned';
    this.#scan = new JsonScan(MESSAGE_FIELDS, (message) => this.#seen.push({ message, is_cut: true, bytes: this.#bytes }));
    for (const piece of this.#pieces) this.#scan.push(piece);
    this.#pieces = [];
  }

  #endLine(): void {
    if (this.#line === 'held' && this.#bytes > 0) {
      const message = parsed(this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces));
      if (message !== undefined) this.#seen.push({ message, is_cut: false, bytes: this.#bytes });
    }
    this.#pieces = [];
    this.#bytes = 0;
    this.#scan = null;
    this.#line = 'begins';
  }

  #taken(): readonly SeenMessage[] {
    const seen = this.#seen;
    if (seen.length > 0) this.#seen = [];
    return seen;
  }
}

/** undefined: not a JSON object or array. */
function parsed(line: Buffer | undefined): unknown {
  const text = line?.toString('utf8') ?? '';
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // passed on all the same: not ours to judge
  }
}
