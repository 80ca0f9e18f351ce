import { hashPart, hashText } from '../hashing.ts';
import { STOP_WORDS, stem, words } from '../text.ts';

/** What a feature is made of; the numbers are positions in {@link KIND_WEIGHTS}. */
export const WORD = 0;
export const STOP_WORD = 1;
export const BIGRAM = 2;
export const FOURGRAM = 3;
export const OTHER_GRAM = 4;

/** How much each kind counts before its rarity: found by ablation on BANKING77. */
const KIND_WEIGHTS: readonly number[] = Object.freeze([1, 0.4, 0.4, 0.35, 0.35]);

/** Longer texts are read up to here, so that a pasted document costs no more than a long message. Characters. */
const LONGEST_TEXT = 400;

/** Document frequencies are counted in 2^17 hashed buckets: 512 KB, however many words there are. */
const BUCKETS = 2 ** 17;

/** The distinct features of a text: hashed stems, pairs of neighbouring stems, and character 3- to 5-grams over its words. */
export interface TextFeatures {
  readonly hashes: Int32Array;
  readonly kinds: Uint8Array;
}

/** A sparse vector. */
export interface Sparse {
  readonly hashes: Int32Array;
  readonly values: Float32Array;
}

/** Reads a text. Character n-grams match parts of words and misspellings (Cavnar & Trenkle 1994). */
export function featuresOfText(text: string): TextFeatures {
  const found = new Map<number, number>();
  const read = words(text.slice(0, LONGEST_TEXT));
  const stems = read.map(stem);
  for (const [at, word] of read.entries()) found.set(hashText(`w${stems[at]}`), STOP_WORDS.has(word) ? STOP_WORD : WORD);
  for (let at = 1; at < stems.length; at++) found.set(hashText(`b${stems[at - 1]} ${stems[at]}`), BIGRAM);
  const spaced = ` ${read.join(' ')} `;
  for (let n = 3; n <= 5; n++) addGrams(spaced, n, found);
  return { hashes: Int32Array.from(found.keys()), kinds: Uint8Array.from(found.values()) };
}

function addGrams(text: string, n: number, found: Map<number, number>): void {
  for (let at = 0; at + n <= text.length; at++) found.set(hashPart(text, at, at + n, n), n === 4 ? FOURGRAM : OTHER_GRAM);
}

/**
 * Rarity of features, learned from the texts seen so far: idf(f) = ln(1 + N / n(f)) (Spärck Jones 1972). Hashed counts: features that
 * share a bucket share their count (hashing trick, Weinberger et al. 2009).
 */
export class TermWeights {
  readonly #counts = new Uint32Array(BUCKETS);
  #texts = 0;

  get texts(): number {
    return this.#texts;
  }

  /** Counts one more text. */
  observe({ hashes }: TextFeatures): void {
    this.#texts++;
    for (const hash of hashes) {
      const bucket = hash & (BUCKETS - 1);
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    }
  }

  /** Texts that held the feature, count. */
  count(hash: number): number {
    return this.#counts[hash & (BUCKETS - 1)] ?? 0;
  }

  /** The text as a vector of length 1. Each feature has the root of its rarity, so that a product of two texts weighs it once, as BM25 does. */
  vector({ hashes, kinds }: TextFeatures): Sparse {
    const values = new Float32Array(hashes.length);
    let squares = 0;
    for (let at = 0; at < values.length; at++) {
      const rarity = Math.log(1 + (this.#texts + 1) / (this.count(hashes[at] ?? 0) + 1));
      const value = (KIND_WEIGHTS[kinds[at] ?? 0] ?? 0) * Math.sqrt(rarity);
      values[at] = value;
      squares += value * value;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    return { hashes, values: values.map((value) => value * scale) };
  }

  save(): { readonly texts: number; readonly counts: Uint32Array } {
    return { texts: this.#texts, counts: this.#counts.slice() };
  }

  load(saved: { readonly texts: number; readonly counts: Uint32Array }): void {
    this.#texts = saved.texts;
    this.#counts.set(saved.counts);
  }
}
