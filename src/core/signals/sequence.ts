import { Cells, type SavedCells } from '../cells.ts';
import { combined } from '../hashing.ts';
import type { Moment, Step } from '../learner/moment.ts';
import { LONGEST_HISTORY } from '../learner/sessions.ts';
import type { Conclusion, Example, Signal } from './signal.ts';

/** Longest run of earlier tools that is looked at. */
const ORDERS = 4;
/** Room for 2^16 pairs of context and tool, 3 a call: what about 20,000 different calls leave. */
const BITS = 16;
/** What a failed call counts as evidence that the tool comes next here. */
const FAILED_CALL = 0.25;
const COUNT = 0;
const KINDS = 1;
const EVERYWHERE = 1;
const START_OF_SESSION = 2;
const PAIR = 3;

/**
 * Probability that the tool follows the tools before it: interpolated n-grams over the last 0 to 4 tools,
 * P_k(a) = (c(h_k, a) + T(h_k)·P_{k−1}(a)) / (c(h_k) + T(h_k)), T the number of different tools that followed h_k, P_{−1} uniform.
 * Counts are weighted by success and by the outcome of their episode. Source: Witten & Bell 1991, method C.
 * Columns: ln(n·P), 0 for what is as likely as any of the n candidates; P, in [0, 1].
 */
export class SequenceSignal implements Signal {
  readonly name = 'sequence';
  readonly columns = [
    { name: 'log_probability', weight: 0.2, least: 0 },
    { name: 'probability', weight: 0.5, least: 0 },
  ];
  readonly #cells = new Cells(BITS, 2);

  score({ history, candidates }: Moment, rows: Float64Array, first: number, stride: number): void {
    const uniform = 1 / candidates.length;
    const contexts = contextsOf(history, history.length).map((context) => {
      const place = this.#cells.find(context);
      return { context, count: this.#cells.at(place, COUNT), kinds: this.#cells.at(place, KINDS) };
    });
    for (const [at, tool] of candidates.entries()) {
      let p = uniform;
      for (const { context, count, kinds } of contexts) {
        if (kinds > 0) p = (this.#cells.read(pairOf(context, tool.hash), COUNT) + kinds * p) / (count + kinds);
      }
      rows[at * stride + first] = Math.log(p / uniform);
      rows[at * stride + first + 1] = p;
    }
  }

  learn({ moment, chosen, success }: Example): void {
    const tool = moment.candidates[chosen];
    if (tool !== undefined) this.#count(contextsOf(moment.history, moment.history.length), tool.hash, success ? 1 : FAILED_CALL);
  }

  conclude({ steps, worth }: Conclusion): void {
    const taken = 1 - worth;
    // Of a history that was cut, the tools before its first steps are not known any more.
    const first = steps.length < LONGEST_HISTORY ? 0 : ORDERS;
    for (let at = first; at < steps.length && taken > 0; at++) {
      const step = steps[at];
      if (step?.taught === true) this.#count(contextsOf(steps, at), step.tool.hash, -taken * (step.success ? 1 : FAILED_CALL));
    }
  }

  explain({ history, candidates }: Moment, candidate: number): string | null {
    const [, previous] = contextsOf(history, history.length);
    const tool = candidates[candidate];
    if (previous === undefined || tool === undefined || history.length === 0) return null;
    const times = Math.round(this.#cells.read(pairOf(previous, tool.hash), COUNT));
    return times > 0 ? `followed the previous tool ${times} of ${Math.round(this.#cells.read(previous, COUNT))} times` : null;
  }

  save(): SavedCells {
    return this.#cells.save();
  }

  load(saved: unknown): void {
    this.#cells.load(saved as SavedCells);
  }

  #count(contexts: readonly number[], tool: number, amount: number): void {
    for (const context of contexts) {
      const key = pairOf(context, tool);
      const before = this.#cells.read(key, COUNT);
      this.#cells.write(context, COUNT, Math.max(0, this.#cells.read(context, COUNT) + amount));
      if (before === 0 && amount > 0) this.#cells.write(context, KINDS, this.#cells.read(context, KINDS) + 1);
      this.#cells.write(key, COUNT, Math.max(0, before + amount));
    }
  }
}

/** Salted, since a context is itself the hash of a shorter one and a tool. */
function pairOf(context: number, tool: number): number {
  return combined(combined(PAIR, context), tool);
}

/** The hashes of the last 0, 1, … tools before `end`; the start of a session counts as a tool. */
function contextsOf(steps: readonly Step[], end: number): number[] {
  const contexts = [EVERYWHERE];
  for (let back = 1; back <= ORDERS; back++) {
    const step = steps[end - back];
    contexts.push(combined(contexts[back - 1] ?? EVERYWHERE, step?.tool.hash ?? START_OF_SESSION));
    if (step === undefined) break;
  }
  return contexts;
}
