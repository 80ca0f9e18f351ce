import type { Moment } from '../learner/moment.ts';
import { type Neighbour, nearest } from '../nearest-neighbours.ts';
import { type TermCounts, TermIndex } from '../term-index.ts';
import { ballot, LONGEST_RUN, NO_VOTES, NOBODY, type Turn, type Votes } from './ballot.ts';
import type { Conclusion, Correction, Example, Signal } from './signal.ts';

/** Past requests that vote. */
const NEAREST = 25;
/** Past requests that are remembered; the oldest gives way. */
const CAPACITY = 5_000;
/** What a word of an earlier request of the session counts against one of this. */
const EARLIER_WEIGHT = 0.5;
/** A vote weighs its similarity squared, so that a near copy outvotes many that merely share a word. */
const SHARPNESS = 2;
/** Votes are shrunk by this share of them before their logarithm is taken. */
const FLOOR = 0.02;

interface SavedSimilarRequests {
  readonly turns: readonly (Turn | undefined)[];
  readonly next: number;
}

/**
 * What was called for the requests most like this one, by BM25 over the words of the request and, at half the weight, of those before it in
 * the session. The nearest vote, each with its score squared: for the tool that followed the same previous tool; the same, by the square of
 * the length of the common run of tools; and for their tools that were not called for this request yet. Columns: the shares of the votes and
 * their logarithms. Source: distance-weighted k-nearest neighbours, Dudani 1976.
 */
export class SimilarRequestsSignal implements Signal {
  readonly name = 'similar_requests';
  readonly columns = [
    { name: 'after_same_tool', weight: 1.5, least: 0 },
    { name: 'after_same_run', weight: 2, least: 0 },
    { name: 'not_called_yet', weight: 0.5, least: 0 },
    { name: 'log_after_same_tool', weight: 0, least: 0 },
    { name: 'log_after_same_run', weight: 0, least: 0 },
    { name: 'log_not_called_yet', weight: 0.2, least: 0 },
  ];
  #index = new TermIndex();
  #turns: (Turn | undefined)[] = [];
  #next = 0;
  /** The steps of a turn ask the same: what they found is kept until something is remembered. */
  #asked: { readonly query: string; readonly session: number; readonly turn: number; readonly voters: readonly Neighbour[] } | null = null;

  score(moment: Moment, rows: Float64Array, first: number, stride: number): void {
    const votes = this.#votes(moment, this.#voters(moment));
    for (const [at, tool] of moment.candidates.entries()) {
      const { same_tool, same_run, not_called } = votes.get(tool.hash) ?? NO_VOTES;
      const shares = [same_tool, same_run, not_called];
      rows.set(shares, at * stride + first);
      for (const [k, share] of shares.entries()) rows[at * stride + first + 3 + k] = Math.log(1 + share / FLOOR);
    }
  }

  learn({ seq, moment, chosen, good }: Example): void {
    const tool = moment.candidates[chosen];
    if (tool === undefined || !good) return;
    const open = this.#turns[(this.#next + CAPACITY - 1) % CAPACITY];
    if (open?.session === moment.session && open.turn === moment.turn) {
      open.tools.push(tool.hash);
      open.seqs.push(seq);
    } else this.#remember(seq, moment, tool.hash);
  }

  /** A call that was rated badly after all no longer votes, until it is rated well again. */
  correct({ seq, tool, was_good, good }: Correction): void {
    if (good === was_good) return;
    for (const turn of this.#turns) {
      const at = turn?.seqs.indexOf(seq) ?? -1;
      if (turn !== undefined && at >= 0) turn.tools[at] = good ? tool : NOBODY;
    }
  }

  conclude({ session, worth }: Conclusion): void {
    if (worth === 1) return;
    for (const turn of this.#turns) if (turn?.session === session) turn.worth = worth;
  }

  explain(moment: Moment, candidate: number): string | null {
    const tool = moment.candidates[candidate]?.hash ?? 0;
    const voters = this.#voters(moment);
    const called = voters.filter(({ document }) => this.#turns[document]?.tools.includes(tool)).length;
    return called > 0 ? `called for ${called} of the ${voters.length} requests most like this` : null;
  }

  save(): SavedSimilarRequests {
    return { turns: this.#turns, next: this.#next };
  }

  load(saved: unknown): void {
    const { turns, next } = saved as SavedSimilarRequests;
    this.#turns = turns.map((turn) => (turn === undefined ? turn : { ...turn, tools: [...turn.tools], seqs: [...turn.seqs] }));
    this.#next = next;
    this.#asked = null;
    this.#index = new TermIndex();
    for (const [at, turn] of this.#turns.entries()) if (turn !== undefined) this.#index.set(at, turn.terms);
  }

  #remember(seq: number, { session, turn, history, query, earlier }: Moment, tool: number): void {
    const terms = termsOf({ query, earlier });
    const before = history.slice(-LONGEST_RUN).map((step) => step.tool.hash);
    this.#turns[this.#next] = { session, turn, terms, before, tools: [tool], seqs: [seq], worth: 1 };
    this.#index.set(this.#next, terms);
    this.#next = (this.#next + 1) % CAPACITY;
    this.#asked = null;
  }

  /** The session's own requests do not vote. */
  #voters(moment: Moment): readonly Neighbour[] {
    const { query, session, turn } = moment;
    if (this.#asked?.query === query.text && this.#asked.session === session && this.#asked.turn === turn) return this.#asked.voters;
    const { scores, documents } = this.#index.score(termsOf(moment));
    const voters = nearest(scores, documents, NEAREST, (document) => this.#turns[document]?.session !== session);
    this.#asked = { query: query.text, session, turn, voters };
    return voters;
  }

  #votes(moment: Moment, voters: readonly Neighbour[]): ReadonlyMap<number, Votes> {
    const votes = new Map<number, Votes>();
    const weights = voters.map(({ score, document }) => (this.#turns[document]?.worth ?? 0) * score ** SHARPNESS);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [at, { document }] of voters.entries()) {
      const turn = this.#turns[document];
      const share = (weights[at] ?? 0) / total;
      for (const [tool, cast] of turn === undefined ? [] : ballot(turn, moment)) {
        const { same_tool, same_run, not_called } = votes.get(tool) ?? NO_VOTES;
        votes.set(tool, {
          same_tool: same_tool + share * cast.same_tool,
          same_run: same_run + share * cast.same_run,
          not_called: not_called + share * cast.not_called,
        });
      }
    }
    return votes;
  }
}

function termsOf({ query, earlier }: Pick<Moment, 'query' | 'earlier'>): TermCounts {
  const terms = new Map(query.terms.map((term) => [term, 1]));
  for (const past of earlier) for (const term of past.terms) if (!terms.has(term)) terms.set(term, EARLIER_WEIGHT);
  return terms;
}
