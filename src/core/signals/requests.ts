import { softmax } from '../choice.ts';
import type { Tool } from '../learner/catalogue.ts';
import type { Moment } from '../learner/moment.ts';
import { type Reading, RequestModel, type SavedRequestModel } from '../selection/request-model.ts';
import type { Correction, Example, Exploration, Signal } from './signal.ts';

/** The least probability that the logarithm is taken of. */
const LEAST = 1e-6;

/**
 * Which tool the request wants by {@link RequestModel}. Columns: ln(n·p), 0 for what is as likely as any of the n candidates; the cosine of
 * the request and what the tool says of itself, in [0, 1].
 */
export class RequestsSignal implements Signal {
  readonly name = 'requests';
  readonly columns = [
    { name: 'log_probability', weight: 0.3, least: 0 },
    { name: 'match', weight: 1, least: 0 },
  ];
  readonly #model = new RequestModel();
  /** The steps of a turn ask the same: what was read is kept until something is learned. */
  #read: { readonly query: string; readonly candidates: readonly Tool[]; readonly reading: Reading } | null = null;

  register(tool: Tool): void {
    this.#model.register(tool.hash, `${tool.name} ${tool.description}`);
    this.#read = null;
  }

  score(moment: Moment, rows: Float64Array, first: number, stride: number): void {
    const { logits, matches } = this.#reading(moment);
    for (const [at, p] of softmax(logits).entries()) {
      rows[at * stride + first] = Math.log(Math.max(LEAST, p) * logits.length);
      rows[at * stride + first + 1] = matches[at] ?? 0;
    }
  }

  learn({ seq, moment, chosen, good }: Example): void {
    if (this.#model.admit(moment.candidates.map(({ hash }) => hash))) this.#read = null;
    this.#model.learn(this.#reading(moment), seq, chosen, good);
    this.#read = null;
  }

  correct({ seq, was_good, good }: Correction): void {
    if (good === was_good) return;
    this.#model.correct(seq, good);
    this.#read = null;
  }

  explore(moment: Moment): Exploration {
    const reading = this.#reading(moment);
    return {
      logits: reading.logits,
      successes: reading.tools.map(({ successes }) => successes),
      not_ruled_out: this.#model.notRuledOut(reading),
    };
  }

  save(): SavedRequestModel {
    return this.#model.save();
  }

  load(saved: unknown): void {
    this.#model.load(saved as SavedRequestModel);
    this.#read = null;
  }

  #reading({ query: { text: query }, candidates }: Moment): Reading {
    const known = this.#read;
    if (known?.query === query && sameTools(known.candidates, candidates)) return known.reading;
    const reading = this.#model.read(
      query,
      candidates.map(({ hash }) => hash),
    );
    this.#read = { query, candidates, reading };
    return reading;
  }
}

function sameTools(some: readonly Tool[], others: readonly Tool[]): boolean {
  return some.length === others.length && some.every((tool, at) => tool.hash === others[at]?.hash);
}
