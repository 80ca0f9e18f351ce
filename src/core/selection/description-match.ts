import { BIGRAM, FOURGRAM, featuresOfText, OTHER_GRAM, STOP_WORD, type TermWeights, type TextFeatures, WORD } from './text-features.ts';

/** How much each kind of feature counts in a match, by its number; those of 0 take no part. */
const MATCH_WEIGHTS: readonly number[] = Object.freeze(
  [WORD, STOP_WORD, BIGRAM, FOURGRAM, OTHER_GRAM].map((kind) => (kind === WORD ? 1 : kind === STOP_WORD || kind === FOURGRAM ? 0.4 : 0)),
);

/** Rarities move slowly: the lengths of the descriptions are measured again after so many texts. */
const LENGTHS_HOLD_FOR = 100;

interface SavedMeasures {
  readonly lengths: ReadonlyMap<number, number>;
  readonly measured_at: number;
}

/**
 * How well a request matches what a tool says of itself: the cosine of words and character 4-grams, weighted by rarity over requests and
 * descriptions together, in [0, 1]. Source: vector space model, Salton, Wong & Yang 1975. An inverted index makes it cheap.
 */
export class DescriptionMatch {
  readonly #terms: TermWeights;
  readonly #described = new Map<number, TextFeatures>();
  readonly #tools_of = new Map<number, number[]>();
  #lengths = new Map<number, number>();
  #measured_at = -1;

  /** @param terms the frequencies of features in requests; read, never changed */
  constructor(terms: TermWeights) {
    this.#terms = terms;
  }

  /** Takes a tool in, or its new text. @param tool its key @param text name, description, … */
  register(tool: number, text: string): void {
    if (this.#described.has(tool)) this.#forget(tool);
    const features = featuresOfText(text);
    this.#described.set(tool, features);
    for (const hash of features.hashes) {
      const tools = this.#tools_of.get(hash);
      if (tools === undefined) this.#tools_of.set(hash, [tool]);
      else tools.push(tool);
    }
    this.#measured_at = -1;
  }

  /** The cosine of the request with each tool that shares a feature with it, by the tool's key. */
  match(request: TextFeatures): ReadonlyMap<number, number> {
    this.#measure();
    const dots = new Map<number, number>();
    let squares = 0;
    for (let at = 0; at < request.hashes.length; at++) {
      const square = this.#weight(request, at) ** 2;
      squares += square;
      if (square > 0) for (const tool of this.#tools_of.get(request.hashes[at] ?? 0) ?? []) dots.set(tool, (dots.get(tool) ?? 0) + square);
    }
    for (const [tool, dot] of dots) dots.set(tool, dot / Math.sqrt(squares * (this.#lengths.get(tool) ?? 1)));
    return dots;
  }

  /** What was measured; the descriptions themselves are registered anew. */
  save(): SavedMeasures {
    return { lengths: this.#lengths, measured_at: this.#measured_at };
  }

  load(saved: SavedMeasures): void {
    this.#lengths = new Map(saved.lengths);
    this.#measured_at = saved.measured_at;
  }

  #weight({ hashes, kinds }: TextFeatures, at: number): number {
    const hash = hashes[at] ?? 0;
    const held = this.#terms.count(hash) + (this.#tools_of.get(hash)?.length ?? 0);
    return (MATCH_WEIGHTS[kinds[at] ?? 0] ?? 0) * Math.log(1 + (this.#terms.texts + this.#described.size + 1) / (held + 1));
  }

  #measure(): void {
    if (this.#measured_at >= 0 && this.#terms.texts - this.#measured_at < LENGTHS_HOLD_FOR) return;
    this.#measured_at = this.#terms.texts;
    this.#lengths = new Map(
      [...this.#described].map(([tool, features]) => [
        tool,
        features.hashes.reduce((sum, _, at) => sum + this.#weight(features, at) ** 2, 0),
      ]),
    );
  }

  #forget(tool: number): void {
    for (const hash of this.#described.get(tool)?.hashes ?? []) {
      const left = (this.#tools_of.get(hash) ?? []).filter((other) => other !== tool);
      if (left.length > 0) this.#tools_of.set(hash, left);
      else this.#tools_of.delete(hash);
    }
    this.#described.delete(tool);
  }
}
