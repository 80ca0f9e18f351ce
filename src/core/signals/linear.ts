import { choiceGradient, softmax } from '../choice.ts';
import { HashedSoftmax } from '../hashed-softmax.ts';
import { combined, hashText } from '../hashing.ts';
import type { Moment } from '../learner/moment.ts';
import { Reservoir } from '../reservoir.ts';
import type { Uniform } from '../types.ts';
import { featuresOf, type MomentFeatures } from './linear-features.ts';
import type { Conclusion, Correction, Example, Signal } from './signal.ts';

/** Examples kept for rehearsal, and rehearsals after each call: 12 of 1,500 see every example about 12 times. */
const CAPACITY = 1_500;
const REHEARSALS = 12;
/** Share of the features that each rehearsal leaves out. Source: dropout as a regulariser of sparse text models, Wager et al. 2013. */
const DROPOUT = 0.5;
/** With more candidates than this, so many others are drawn to stand for all. Source: sampled softmax, Bengio & Senécal 2008. */
const MOST_OTHERS = 80;
/** Smaller gradients move nothing that matters: three quarters of all cells. */
const LEAST_GRADIENT = 0.003;
const USED = hashText('used for this request');

/** The candidates of an example as rows of weights: those called for this request already have rows of their own for its features. */
interface Rows {
  readonly of_session: Int32Array;
  readonly of_request: Int32Array;
}

/** An example as it is rehearsed. The tool called is row 0. */
interface Memory {
  readonly seq: number;
  readonly session: number;
  readonly features: MomentFeatures;
  rows: Rows;
  /** Candidates that one other stands for. */
  readonly each_for: number;
  readonly told: boolean;
  good: boolean;
  worth: number;
}

/**
 * Multinomial logistic regression over hashed features of the request and of the session ({@link featuresOf}), learned online with
 * rehearsal. A failure is evidence against its tool here ({@link choiceGradient}). Columns: the two parts of the logit, of the request's
 * features and of the session's, so that the fusion can weigh them apart, and the probability.
 */
export class LinearSignal implements Signal {
  readonly name = 'linear';
  readonly columns = [
    { name: 'request', weight: 0.7, least: 0 },
    { name: 'session', weight: 0.7, least: 0 },
    { name: 'probability', weight: 0, least: 0 },
  ];
  readonly #model = new HashedSoftmax();
  readonly #memories = new Reservoir<Memory>(CAPACITY);

  score(moment: Moment, rows: Float64Array, first: number, stride: number): void {
    const features = featuresOf(moment);
    const own = rowsOf(
      moment,
      moment.candidates.map((_, at) => at),
    );
    const logits = new Float64Array(moment.candidates.length);
    for (let at = 0; at < logits.length; at++) {
      const request = this.#model.logit(features, own.of_request[at] ?? 0, 0, features.of_request);
      const session = this.#model.logit(features, own.of_session[at] ?? 0, features.of_request, features.hashes.length);
      rows[at * stride + first] = request;
      rows[at * stride + first + 1] = session;
      logits[at] = request + session;
    }
    for (const [at, p] of softmax(logits).entries()) rows[at * stride + first + 2] = p;
  }

  learn({ seq, moment, chosen, told, good, uniform }: Example): void {
    const count = moment.candidates.length;
    const shown = [chosen, ...others(count, chosen, uniform)];
    const each_for = shown.length > 1 ? (count - 1) / (shown.length - 1) : 1;
    const rows = rowsOf(moment, shown);
    const memory = { seq, session: moment.session, features: featuresOf(moment), rows, each_for, told, good, worth: 1 };
    this.#step(memory, memory.features);
    for (const past of this.#memories.draw(REHEARSALS, uniform)) {
      if (!past.told) past.rows = withTool(past.rows, rows.of_session[0] ?? 0);
      this.#step(past, thinned(past.features, uniform));
    }
    this.#memories.add(memory, uniform);
  }

  conclude({ session, worth }: Conclusion): void {
    if (worth === 1) return;
    for (const memory of this.#memories.items) {
      if (memory.session !== session) continue;
      this.#step({ ...memory, worth: worth - memory.worth }, memory.features);
      memory.worth = worth;
    }
  }

  correct({ seq, was_good, good }: Correction): void {
    if (good === was_good) return;
    for (const memory of this.#memories.items) {
      if (memory.seq !== seq) continue;
      memory.good = good;
      this.#step(memory, memory.features);
    }
  }

  save(): unknown {
    return { model: this.#model.save(), memories: this.#memories.items };
  }

  load(saved: unknown): void {
    const { model, memories } = saved as { model: ReturnType<HashedSoftmax['save']>; memories: readonly Memory[] };
    this.#model.load(model);
    this.#memories.load(memories.map((memory) => ({ ...memory })));
  }

  #step({ rows, each_for, good, worth }: Memory, features: MomentFeatures): void {
    const { of_request } = features;
    const end = features.hashes.length;
    const logits = new Float64Array(rows.of_session.length);
    for (let at = 0; at < logits.length; at++) {
      const request = this.#model.logit(features, rows.of_request[at] ?? 0, 0, of_request);
      logits[at] = request + this.#model.logit(features, rows.of_session[at] ?? 0, of_request, end) + (at === 0 ? 0 : Math.log(each_for));
    }
    for (const [at, gradient] of choiceGradient(softmax(logits), 0, good).entries()) {
      if (Math.abs(gradient) < LEAST_GRADIENT) continue;
      this.#model.descend(features, rows.of_request[at] ?? 0, 0, of_request, worth * gradient);
      this.#model.descend(features, rows.of_session[at] ?? 0, of_request, end, worth * gradient);
    }
  }
}

function rowsOf({ candidates, usage }: Moment, shown: readonly number[]): Rows {
  const of_session = Int32Array.from(shown, (at) => candidates[at]?.hash ?? 0);
  return {
    of_session,
    of_request: of_session.map((hash) => ((usage.get(hash >>> 0)?.calls_this_turn ?? 0) > 0 ? combined(hash, USED) : hash)),
  };
}

/** Where candidates were not told, a tool first seen later may have been one: else the latest tool would win by its novelty. */
function withTool(rows: Rows, tool: number): Rows {
  if (rows.of_session.length > MOST_OTHERS || rows.of_session.includes(tool)) return rows;
  return { of_session: Int32Array.of(...rows.of_session, tool), of_request: Int32Array.of(...rows.of_request, tool) };
}

/** All candidates but the chosen one, or a sample of them with replacement when there are many. */
function others(count: number, chosen: number, uniform: Uniform): number[] {
  if (count <= MOST_OTHERS) return Array.from({ length: count }, (_, at) => at).filter((at) => at !== chosen);
  return Array.from({ length: MOST_OTHERS }, () => (chosen + 1 + Math.floor(uniform() * (count - 1))) % count);
}

/** Some of the features, the others' share given to them. */
function thinned({ hashes, values, of_request }: MomentFeatures, uniform: Uniform): MomentFeatures {
  const kept = { hashes: new Int32Array(hashes.length), values: new Float32Array(hashes.length) };
  let count = 0;
  let count_of_request = 0;
  for (let f = 0; f < hashes.length; f++) {
    if (f === of_request) count_of_request = count;
    if (uniform() < DROPOUT) continue;
    kept.hashes[count] = hashes[f] ?? 0;
    kept.values[count++] = (values[f] ?? 0) / (1 - DROPOUT);
  }
  if (of_request === hashes.length) count_of_request = count;
  return { hashes: kept.hashes.subarray(0, count), values: kept.values.subarray(0, count), of_request: count_of_request };
}
