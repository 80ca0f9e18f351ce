import { combined, hashText } from '../hashing.ts';
import { abstractLiterals, contentWords, words } from '../text.ts';

/** A request as the signals read it. Words are 32-bit hashes of their stems. */
export interface Query {
  readonly text: string;
  readonly key: number;
  /** Distinct content words, in order of their first appearance. */
  readonly terms: readonly number[];
  /** Distinct pairs of neighbouring content words. */
  readonly bigrams: readonly number[];
  /** Distinct character trigrams of its words. */
  readonly trigrams: readonly number[];
  /** What is asked for, whatever it is asked about: equal for requests that differ in literals or word order only. */
  readonly request: number;
}

export const NO_QUERY: Query = Object.freeze({ text: '', key: 0, terms: [], bigrams: [], trigrams: [], request: 0 });

/** Longer texts are read up to here, so that a pasted document costs no more than a long message. Characters. */
const LONGEST_QUERY = 2_000;

/** The part of a text that is read. */
export function cut(text: string): string {
  return text.slice(0, LONGEST_QUERY);
}

export function parseQuery(text: string): Query {
  const read = cut(text);
  const stems = contentWords(read).map(hashText);
  return {
    text,
    key: hashText(text),
    terms: [...new Set(stems)],
    bigrams: [...new Set(stems.slice(1).map((stem, at) => combined(stems[at] ?? 0, stem)))],
    trigrams: trigramsOf(read),
    request: requestOf(read),
  };
}

/** The distinct character trigrams of a text's words, each word between blanks: they match parts of words and misspellings. */
export function trigramsOf(text: string): number[] {
  const spaced = ` ${words(text).join(' ')} `;
  const found = new Set<number>();
  for (let at = 0; at + 3 <= spaced.length; at++) {
    found.add((Math.imul(spaced.charCodeAt(at), 0x1f351) ^ Math.imul(spaced.charCodeAt(at + 1), 0x3d1) ^ spaced.charCodeAt(at + 2)) >>> 0);
  }
  return [...found];
}

function requestOf(text: string): number {
  const stems = new Set(contentWords(abstractLiterals(text)).map(hashText));
  return [...stems].sort((a, b) => a - b).reduce(combined, stems.size);
}

/** Parsed queries by text: the steps of a turn share theirs, so that each is parsed once. Keeps the latest `capacity`. */
export class QueryCache {
  readonly #parsed = new Map<string, Query>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  parse(text: string): Query {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    const [oldest] = this.#parsed.keys();
    if (oldest !== undefined && this.#parsed.size >= this.#capacity) this.#parsed.delete(oldest);
    const parsed = parseQuery(text);
    this.#parsed.set(text, parsed);
    return parsed;
  }
}
