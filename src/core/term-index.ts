/** Okapi BM25's saturation of repeated words and its discount for length. Source: Robertson & Zaragoza 2009, The Probabilistic Relevance Framework. */
const K1 = 1.2;
const B = 0.75;

/** How often each term stands in a document, or how much it counts in a query: above 0. */
export type TermCounts = ReadonlyMap<number, number>;

/** The documents a term stands in, and how often. */
interface Postings {
  readonly documents: number[];
  readonly counts: number[];
}

/** What a query found. Valid until the next one: the arrays are used again. */
export interface Found {
  /** By document; 0: no term in common. */
  readonly scores: Float64Array;
  /** Those with a score above 0. */
  readonly documents: readonly number[];
  /** What a document would score at most that holds every term of the query, known or not. */
  readonly ideal: number;
}

/**
 * An inverted index that scores documents by BM25:
 * Σ over the query's terms of w(t)·idf(t)·f·(k1 + 1) / (f + k1·(1 − b + b·|d|/avg)), idf(t) = ln(1 + (N − n + 1/2) / (n + 1/2)).
 */
export class TermIndex {
  readonly #postings = new Map<number, Postings>();
  readonly #terms: (TermCounts | undefined)[] = [];
  #lengths = new Float64Array(64);
  #scores = new Float64Array(64);
  #found: number[] = [];
  #size = 0;
  #total_length = 0;

  /** @param document its number, 0 and up; numbers without gaps waste no memory */
  set(document: number, terms: TermCounts): void {
    this.remove(document);
    this.#reserve(document);
    let length = 0;
    for (const [term, count] of terms) {
      length += count;
      const postings = this.#postings.get(term);
      postings?.documents.push(document);
      postings?.counts.push(count);
      if (postings === undefined) this.#postings.set(term, { documents: [document], counts: [count] });
    }
    this.#terms[document] = terms;
    this.#lengths[document] = length;
    this.#total_length += length;
    this.#size++;
  }

  remove(document: number): void {
    const terms = this.#terms[document];
    if (terms === undefined) return;
    for (const term of terms.keys()) this.#unpost(term, document);
    this.#terms[document] = undefined;
    this.#total_length -= this.#lengths[document] ?? 0;
    this.#size--;
  }

  score(query: TermCounts): Found {
    for (const document of this.#found) this.#scores[document] = 0;
    this.#found = [];
    let ideal = 0;
    for (const [term, weight] of query) ideal += this.#addTerm(term, weight);
    return { scores: this.#scores, documents: this.#found, ideal };
  }

  /** What a document that is not held would score. @param terms its own */
  scoreOf(terms: TermCounts, query: TermCounts): number {
    let length = 0;
    for (const count of terms.values()) length += count;
    let score = 0;
    for (const [term, weight] of query) {
      const count = terms.get(term) ?? 0;
      if (count > 0) score += (this.#top(term, weight) * count) / (count + this.#damping(length));
    }
    return score;
  }

  #addTerm(term: number, weight: number): number {
    const top = this.#top(term, weight);
    const postings = this.#postings.get(term);
    for (let at = 0; at < (postings?.documents.length ?? 0); at++) {
      const document = postings?.documents[at] ?? 0;
      const count = postings?.counts[at] ?? 0;
      const before = this.#scores[document] ?? 0;
      if (before === 0) this.#found.push(document);
      this.#scores[document] = before + (top * count) / (count + this.#damping(this.#lengths[document] ?? 0));
    }
    return top;
  }

  /** The most that a term of the query adds to a score. */
  #top(term: number, weight: number): number {
    const frequency = this.#postings.get(term)?.documents.length ?? 0;
    return weight * (K1 + 1) * Math.log(1 + (this.#size - frequency + 0.5) / (frequency + 0.5));
  }

  #damping(length: number): number {
    const relative = this.#total_length > 0 ? (length * this.#size) / this.#total_length : 1;
    return K1 * (1 - B + B * relative);
  }

  #unpost(term: number, document: number): void {
    const postings = this.#postings.get(term);
    const at = postings?.documents.indexOf(document) ?? -1;
    if (postings === undefined || at < 0) return;
    postings.documents.splice(at, 1);
    postings.counts.splice(at, 1);
    if (postings.documents.length === 0) this.#postings.delete(term);
  }

  #reserve(document: number): void {
    if (document < this.#lengths.length) return;
    this.#lengths = grown(this.#lengths, 2 * document);
    this.#scores = grown(this.#scores, 2 * document);
  }
}

function grown(numbers: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(numbers);
  return larger;
}
