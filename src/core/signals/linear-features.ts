import type { Features } from '../hashed-softmax.ts';
import { combined, hashText } from '../hashing.ts';
import type { Moment, Step } from '../learner/moment.ts';

/** The features of a moment; the first `of_request` say what is asked, the others what was called. */
export interface MomentFeatures extends Features {
  readonly of_request: number;
}

/**
 * How much each kind of feature weighs. Words share the square root of their number, so that a long request does not shout; they weigh more
 * than the tools called before, since there are few tools and many words, and a word is seen seldom.
 */
const WEIGHTS = { word: 2.5, word_pair: 1, word_after: 2, last: 1, earlier_word: 1, failed: 1 } as const;
/** A request before this one counts half as much as the one after it. */
const EARLIER_DECAY = 0.5;

type Kind = keyof typeof WEIGHTS | 'bias' | 'last_two' | 'last_three';
const SEED = (kind: Kind): number => hashText(`feature:${kind}`);
const WORD = SEED('word');
const WORD_PAIR = SEED('word_pair');
const WORD_AFTER = SEED('word_after');
const BIAS = SEED('bias');
const LAST = SEED('last');
const LAST_TWO = SEED('last_two');
const LAST_THREE = SEED('last_three');
const FAILED = SEED('failed');
const EARLIER_WORD = SEED('earlier_word');

/** Collects features. */
class Builder {
  readonly hashes: number[] = [];
  readonly values: number[] = [];

  add(seed: number, of: number, value: number): void {
    this.hashes.push(combined(seed, of));
    this.values.push(value);
  }
}

/**
 * Words and pairs of words of the request; words with the tool last called for it. Then the last one, two and three
 * tools of the session, whether the last failed, and the words of its earlier requests, which fade.
 */
export function featuresOf(moment: Moment): MomentFeatures {
  const builder = new Builder();
  addRequest(builder, moment);
  const of_request = builder.hashes.length;
  addSession(builder, moment);
  return { hashes: Int32Array.from(builder.hashes), values: Float32Array.from(builder.values), of_request };
}

function addRequest(builder: Builder, { query, history, turn }: Moment): void {
  const share = 1 / Math.sqrt(Math.max(1, query.terms.length));
  const last = history.at(-1);
  const last_for_this = last?.turn === turn ? last.tool.hash : 0;
  for (const word of query.terms) {
    builder.add(WORD, word, WEIGHTS.word * share);
    builder.add(WORD_AFTER, combined(word, last_for_this), WEIGHTS.word_after * share);
  }
  for (const pair of query.bigrams) builder.add(WORD_PAIR, pair, WEIGHTS.word_pair * share);
}

function addSession(builder: Builder, { history, earlier }: Moment): void {
  const last = hashAt(history, -1);
  const two = combined(last, hashAt(history, -2));
  builder.add(BIAS, 0, 1);
  builder.add(LAST, last, WEIGHTS.last);
  builder.add(LAST_TWO, two, WEIGHTS.last);
  builder.add(LAST_THREE, combined(two, hashAt(history, -3)), WEIGHTS.last);
  if (history.at(-1)?.success === false) builder.add(FAILED, last, WEIGHTS.failed);
  for (const [age, query] of earlier.entries()) {
    const share = (WEIGHTS.earlier_word * EARLIER_DECAY ** (age + 1)) / Math.sqrt(Math.max(1, query.terms.length));
    for (const word of query.terms) builder.add(EARLIER_WORD, word, share);
  }
}

function hashAt(history: readonly Step[], at: number): number {
  return history.at(at)?.tool.hash ?? 0;
}
