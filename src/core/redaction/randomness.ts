import { letterBits, START } from './letter-pairs.ts';

const LOWER = 0;
const UPPER = 1;
const DIGIT = 2;
const FIRST = 3;

/** −log₂ P(class | class before) of lower-case letter, upper-case letter and digit, bits; counted with the letter pairs. */
const CLASS_BITS: readonly (readonly [number, number, number])[] = [
  [0.13, 3.63, 7.15],
  [0.12, 3.81, 6.78],
  [3.38, 4.78, 0.21],
  [0.67, 1.79, 3.58],
];
const DIGIT_BITS = Math.log2(10);
/** What an abbreviation in capitals costs; its letters then count as small ones. */
const CAPITALS_BITS = 2;

/** What was counted of a run of letters, digits and separators. */
export interface Randomness {
  /** log₂ of P(run | drawn uniformly from the kinds of characters it holds) / P(run | words, names and numbers); bits. */
  readonly bits: number;
  /** Letters and digits, count. */
  readonly length: number;
  readonly has_upper: boolean;
  readonly has_lower: boolean;
  readonly has_digit: boolean;
}

/**
 * Likelihood ratio of a run of [A-Za-z0-9] and separators between two models: characters drawn independently, and a Markov chain of letter
 * pairs and of changes between small letters, capitals and digits. About −1.5 bits a character for words, +2.3 for random ones. Linear.
 */
export function randomness(run: string): Randomness {
  const parts = run.split(/[^A-Za-z0-9]+/);
  const has_upper = /[A-Z]/.test(run);
  const has_lower = /[a-z]/.test(run);
  const has_digit = /[0-9]/.test(run);
  const alphabet = (has_upper ? 26 : 0) + (has_lower ? 26 : 0) + (has_digit ? 10 : 0);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bits = parts.reduce((sum, part) => sum + wordBits(part), 0) - length * Math.log2(Math.max(2, alphabet));
  return { bits, length, has_upper, has_lower, has_digit };
}

function wordBits(part: string): number {
  const capitals = /^[^a-z]*[A-Z][^a-z]*[A-Z][^a-z]*$/.test(part);
  return capitals ? CAPITALS_BITS + chainBits(part.toLowerCase()) : chainBits(part);
}

function chainBits(part: string): number {
  let bits = 0;
  let kind = FIRST;
  let letter = START;
  for (let at = 0; at < part.length; at++) {
    const code = part.charCodeAt(at);
    const next = code >= 97 ? LOWER : code >= 65 ? UPPER : DIGIT;
    bits += CLASS_BITS[kind]?.[next] ?? 0;
    if (next === DIGIT) {
      bits += DIGIT_BITS;
      letter = START;
    } else {
      const index = code - (next === LOWER ? 97 : 65);
      bits += letterBits(kind === LOWER && next === UPPER ? START : letter, index);
      letter = index;
    }
    kind = next;
  }
  return bits;
}
