import { hashText } from '../hashing.ts';
import type { Tool } from '../learner/catalogue.ts';
import type { Moment } from '../learner/moment.ts';
import { type Query, trigramsOf } from '../learner/query.ts';
import { type TermCounts, TermIndex } from '../term-index.ts';
import { contentWords } from '../text.ts';
import type { Signal } from './signal.ts';

/** A word of the name says more than one of the description, which says more than a parameter's. Sums of these are exact in binary. */
const NAME_WEIGHT = 2;
const PARAMETER_WEIGHT = 0.25;
/** Descriptions say what a tool does before they say how. Characters. */
const DESCRIPTION_START = 160;
/** Requests whose matches are kept: the steps of a turn ask the same, and the catalogue seldom changes. */
const REMEMBERED_MATCHES = 64;

interface Match {
  /** By document. */
  readonly words: Float64Array;
  readonly trigrams: Float64Array;
  readonly ideal: number;
}

/** BM25 scores of one tool, ≥ 0. */
interface Found {
  readonly words: number;
  readonly trigrams: number;
  /** Of the words that no tool called for this request has matched yet. */
  readonly left: number;
}

/**
 * How well the request matches what the tool says of itself: BM25 over the words of its name (twice), description and parameters, and over
 * the character trigrams of its name and of the start of its description. Columns, each in [0, 1]: words relative to the best candidate, and
 * to the ideal; trigrams relative to the best; words that no tool called for this request has matched yet, relative to the best.
 */
export class DescriptionSignal implements Signal {
  readonly name = 'description';
  readonly columns = [
    { name: 'words', weight: 2, least: 0 },
    { name: 'words_of_ideal', weight: 2, least: 0 },
    { name: 'trigrams', weight: 1, least: 0 },
    { name: 'words_left', weight: 0, least: 0 },
  ];
  readonly #words = new TermIndex();
  readonly #trigrams = new TermIndex();
  /** Documents and terms by tool hash. */
  readonly #documents = new Map<number, number>();
  readonly #terms = new Map<number, TermCounts>();
  readonly #matches = new Map<number, Match>();

  register(tool: Tool): void {
    const document = this.#documents.get(tool.hash) ?? this.#documents.size;
    const terms = termsOf(tool);
    this.#documents.set(tool.hash, document);
    this.#terms.set(tool.hash, terms);
    this.#words.set(document, terms);
    this.#trigrams.set(document, once(trigramsOf(`${tool.name} ${tool.description.slice(0, DESCRIPTION_START)}`)));
    this.#matches.clear();
  }

  score(moment: Moment, rows: Float64Array, first: number, stride: number): void {
    const match = this.#match(moment.query);
    const left = this.#wordsLeft(moment);
    const found = moment.candidates.map((tool) => this.#found(tool, moment.query, match, left));
    const best = { words: greatest(found, 'words'), trigrams: greatest(found, 'trigrams'), left: greatest(found, 'left') };
    for (const [at, { words, trigrams, left: of_left }] of found.entries()) {
      const row = at * stride + first;
      rows[row] = ratio(words, best.words);
      rows[row + 1] = ratio(words, match.ideal);
      rows[row + 2] = ratio(trigrams, best.trigrams);
      rows[row + 3] = ratio(of_left, best.left);
    }
  }

  explain(moment: Moment, candidate: number): string | null {
    const tool = moment.candidates[candidate];
    const match = this.#match(moment.query);
    const words = tool === undefined ? 0 : this.#found(tool, moment.query, match, null).words;
    const percent = Math.round(100 * ratio(words, match.ideal));
    return percent > 0 ? `description matches ${percent} % of the request` : null;
  }

  /** A tool that the log has not shown yet is known by its name alone. @param left null: all words of the request are left */
  #found(tool: Tool, query: Query, match: Match, left: Float64Array | null): Found {
    const document = this.#documents.get(tool.hash);
    if (document === undefined) {
      const words = this.#words.scoreOf(termsOf(tool), once(query.terms));
      return { words, trigrams: this.#trigrams.scoreOf(once(trigramsOf(tool.name)), once(query.trigrams)), left: words };
    }
    const words = match.words[document] ?? 0;
    return { words, trigrams: match.trigrams[document] ?? 0, left: left === null ? words : (left[document] ?? 0) };
  }

  #match(query: Query): Match {
    const known = this.#matches.get(query.key);
    if (known !== undefined) return known;
    if (this.#matches.size >= REMEMBERED_MATCHES) this.#matches.clear();
    const { scores, ideal } = this.#words.score(once(query.terms));
    const match = { words: scores.slice(), ideal, trigrams: this.#trigrams.score(once(query.trigrams)).scores.slice() };
    this.#matches.set(query.key, match);
    return match;
  }

  /** null: nothing was called for the request, so that all its words are left. */
  #wordsLeft({ query, usage }: Moment): Float64Array | null {
    const served = [...usage].filter(([, { calls_this_turn }]) => calls_this_turn > 0).map(([hash]) => this.#terms.get(hash));
    if (served.length === 0) return null;
    return this.#words.score(once(query.terms.filter((term) => !served.some((terms) => terms?.has(term))))).scores;
  }
}

function termsOf(tool: Tool): TermCounts {
  const terms = new Map<number, number>();
  const add = (text: string, weight: number) => {
    for (const term of contentWords(text).map(hashText)) terms.set(term, (terms.get(term) ?? 0) + weight);
  };
  add(tool.name, NAME_WEIGHT);
  add(tool.description, 1);
  add(tool.parameters.join(' '), PARAMETER_WEIGHT);
  return terms;
}

function once(terms: readonly number[]): TermCounts {
  return new Map(terms.map((term) => [term, 1]));
}

function greatest(found: readonly Found[], of: keyof Found): number {
  return found.reduce((most, one) => Math.max(most, one[of]), 0);
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
