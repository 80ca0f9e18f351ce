import { logistic } from './statistics.ts';

/** Action value at which the confidence is e / (1 + e). */
const CONFIDENCE_SCALE = 3;

/**
 * The value that an observed step suggests for Q(s, a): r + gamma · max Q(s′, ·).
 * Source: Watkins 1989; Sutton & Barto 2018, section 6.5.
 * @param next_value greatest value of the next state; 0 when the step was terminal
 */
export function tdTarget(step: { readonly reward: number; readonly next_value: number; readonly discount_factor: number }): number {
  return step.reward + step.discount_factor * step.next_value;
}

/**
 * max over the tools of the next state, where a tool that has no row there counts as 0; 0 when there is no tool.
 * @param values action values of the tools that have a row
 */
export function greatestNextValue(values: readonly number[], some_tool_has_no_row: boolean): number {
  if (values.length === 0) return 0;
  const start = some_tool_has_no_row ? 0 : Number.NEGATIVE_INFINITY;
  return values.reduce((greatest, value) => Math.max(greatest, value), start);
}

/** TD error delta: target − Q(s, a), signed. */
export function tdError(target: number, q: number): number {
  return target - q;
}

/** Q(s, a) + alpha · delta. @param step_size alpha in [0, 1] */
export function updatedValue(q: number, td_error: number, step_size: number): number {
  return q + step_size * td_error;
}

/** The reference's confidence in an action value: logistic(Q / 3), in [0, 1]; 0.5 for a pair never seen. */
export function valueConfidence(q: number): number {
  return logistic(q / CONFIDENCE_SCALE);
}

/**
 * Step size of a running mean that turns into an exponential one: max(floor, 1/(n+1)).
 * Source: Sutton & Barto 2018, sections 2.4 and 2.5.
 * @param visit_count_before samples already in the value
 * @param floor smallest step size, in [0, 1]
 */
export function meanStepSize(visit_count_before: number, floor: number): number {
  return Math.max(floor, 1 / (visit_count_before + 1));
}

/**
 * The weight that one sample still has in a value updated with a constant step size: alpha·(1 − alpha)^(visits − visit).
 * Source: Sutton & Barto 2018, equation 2.6.
 * @param visit which sample, 1 to visits
 */
export function constantStepWeight(visit: number, visits: number, alpha: number): number {
  return alpha * (1 - alpha) ** (visits - visit);
}

/**
 * The same under {@link meanStepSize}: the step sizes are 1/k up to k = ⌊1/floor⌋ and `floor` from there on, so the first samples share
 * one weight, 1/min(visits, ⌊1/floor⌋), that later decays, and each later one starts at `floor`.
 * @param visit which sample, 1 to visits
 */
export function meanStepWeight(visit: number, visits: number, floor: number): number {
  const averaged = Math.floor(1 / floor);
  if (visits <= averaged) return 1 / visits;
  if (visit <= averaged) return (1 / averaged) * (1 - floor) ** (visits - averaged);
  return constantStepWeight(visit, visits, floor);
}
