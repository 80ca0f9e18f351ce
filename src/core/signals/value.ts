import { Cells, type SavedCells } from '../cells.ts';
import { combined, hashText } from '../hashing.ts';
import { DEFAULTS } from '../hyperparameters.ts';
import type { Moment } from '../learner/moment.ts';
import { LONGEST_HISTORY } from '../learner/sessions.ts';
import type { Conclusion, Correction, Example, Signal } from './signal.ts';

/** Room for 2^16 pairs of context and tool. */
const BITS = 16;
const CALLS = 0;
const MEAN = 1;
/** Failures and bad ratings since the last good call. */
const STREAK = 2;
/** Step size of a mean once 1/n falls below it, so that it follows change: what holds for one request changes sooner than what holds for many. */
const LEAST_STEP = { for_many: 0.02, for_request: 0.25 } as const;
/** Reward differences are counted in the reward of a success. */
const SCALE = DEFAULTS.reward_success;
/** Reward assumed of a tool never called. */
const PRIOR = DEFAULTS.reward_failure + DEFAULTS.success_prior_mean * (DEFAULTS.reward_success - DEFAULTS.reward_failure);
const [OVERALL, PREVIOUS, REQUEST] = [hashText('overall'), hashText('previous tool'), hashText('request')];

/**
 * What a call of the tool earned: overall, after the same previous tool, for the same request, and for both, each context shrunk towards the
 * coarser one, r_l = (n_l·m_l + κ·r_{l−1}) / (n_l + κ), κ = shrinkage. Columns: the expected reward against that of an unknown tool, in
 * rewards of a success; −ln(1 + failures in a row for this request). Both weights stay positive: this is what reacts to reward, whatever
 * agents do. Source: hierarchical shrinkage as in MacKay & Peto 1995; means with a constant step, Sutton & Barto 2.5.
 */
export class ValueSignal implements Signal {
  readonly name = 'value';
  readonly columns = [
    { name: 'expected_reward', weight: 1, least: 0.5 },
    { name: 'failures_here', weight: 1, least: 0.5 },
  ];
  readonly #cells = new Cells(BITS, 3);

  score(moment: Moment, rows: Float64Array, first: number, stride: number): void {
    const contexts = contextsOf(moment.history.at(-1)?.tool.hash ?? 0, moment.query.request);
    const own = failuresOf(moment);
    for (const [at, { hash }] of moment.candidates.entries()) {
      rows[at * stride + first] = (this.#reward(contexts, hash) - PRIOR) / SCALE;
      rows[at * stride + first + 1] = 0 - Math.log(1 + Math.max(this.#streak(contexts, hash), own.get(hash) ?? 0));
    }
  }

  learn({ moment, chosen, good, reward }: Example): void {
    const tool = moment.candidates[chosen]?.hash ?? 0;
    const contexts = contextsOf(moment.history.at(-1)?.tool.hash ?? 0, moment.query.request);
    for (const [level, context] of contexts.entries()) {
      const key = combined(context, tool);
      const calls = this.#cells.read(key, CALLS) + 1;
      const mean = this.#cells.read(key, MEAN);
      this.#cells.write(key, CALLS, calls);
      this.#cells.write(key, MEAN, mean + stepSize(calls, level) * (reward - mean));
      this.#cells.write(key, STREAK, good ? 0 : this.#cells.read(key, STREAK) + 1);
    }
  }

  correct({ tool, previous, request, reward, reward_before, was_good, good }: Correction): void {
    for (const [level, context] of contextsOf(previous, request).entries()) {
      const key = combined(context, tool);
      const calls = this.#cells.read(key, CALLS);
      if (calls === 0) continue;
      this.#cells.write(key, MEAN, this.#cells.read(key, MEAN) + stepSize(calls, level) * (reward - reward_before));
      this.#cells.write(key, STREAK, Math.max(0, this.#cells.read(key, STREAK) + Number(was_good) - Number(good)));
    }
  }

  /** A step of an episode that went wrong earned less than it seemed: less by the reward of a success where it failed, by half where partial. */
  conclude({ steps, worth }: Conclusion): void {
    const lost = 2 * SCALE * (1 - worth);
    // Of a history that was cut, the tool before its first step is not known any more.
    const first = steps.length < LONGEST_HISTORY ? 0 : 1;
    for (const [at, step] of steps.entries()) {
      if (at < first || !step.taught) continue;
      for (const [level, context] of contextsOf(steps[at - 1]?.tool.hash ?? 0, step.request).entries()) {
        const key = combined(context, step.tool.hash);
        const calls = this.#cells.read(key, CALLS);
        if (calls > 0) this.#cells.write(key, MEAN, this.#cells.read(key, MEAN) - stepSize(calls, level) * lost);
      }
    }
  }

  explain(moment: Moment, candidate: number): string | null {
    const tool = moment.candidates[candidate]?.hash ?? 0;
    const key = combined(combined(REQUEST, moment.query.request), tool);
    const calls = this.#cells.read(key, CALLS);
    return calls > 0 ? `earned ${this.#cells.read(key, MEAN).toFixed(1)} a call lately of ${calls} for requests like this` : null;
  }

  save(): SavedCells {
    return this.#cells.save();
  }

  load(saved: unknown): void {
    this.#cells.load(saved as SavedCells);
  }

  #reward(contexts: readonly number[], tool: number): number {
    let reward = PRIOR;
    for (const context of contexts) {
      const place = this.#cells.find(combined(context, tool));
      if (place < 0) continue;
      const calls = this.#cells.at(place, CALLS);
      reward = (calls * this.#cells.at(place, MEAN) + DEFAULTS.shrinkage * reward) / (calls + DEFAULTS.shrinkage);
    }
    return reward;
  }

  #streak([, , request = 0, both = 0]: readonly number[], tool: number): number {
    return Math.max(this.#cells.read(combined(request, tool), STREAK), this.#cells.read(combined(both, tool), STREAK));
  }
}

/** Failures in a row of each tool for this request in the session itself, which are its own to learn from however many they are. */
function failuresOf({ history, query }: Moment): ReadonlyMap<number, number> {
  const failures = new Map<number, number>();
  for (const { tool, success, request } of history) {
    if (request === query.request) failures.set(tool.hash, success ? 0 : (failures.get(tool.hash) ?? 0) + 1);
  }
  return failures;
}

/** From the coarsest to the finest: overall, after the previous tool, for the request, for both. */
function contextsOf(previous: number, request: number): readonly number[] {
  const of_request = combined(REQUEST, request);
  return [OVERALL, combined(PREVIOUS, previous), of_request, combined(of_request, previous)];
}

function stepSize(calls: number, level: number): number {
  return Math.max(1 / calls, level <= 1 ? LEAST_STEP.for_many : LEAST_STEP.for_request);
}
