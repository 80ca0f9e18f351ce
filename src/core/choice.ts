/** p(a) = exp(s_a) / Σ exp(s), over all scores; the greatest is subtracted first, so nothing overflows. */
export function softmax(scores: Float64Array): Float64Array {
  let most = -Infinity;
  for (const score of scores) if (score > most) most = score;
  const p = new Float64Array(scores.length);
  let sum = 0;
  for (let at = 0; at < p.length; at++) {
    const e = Math.exp((scores[at] ?? 0) - most);
    p[at] = e;
    sum += e;
  }
  for (let at = 0; at < p.length; at++) p[at] = (p[at] ?? 0) / sum;
  return p;
}

/** How a failure is weighed. */
export interface FailureShape {
  /** Gradient of a failure against that of a success, ≥ 0. */
  readonly weight: number;
  /** A confident choice that fails is pushed no harder than one of this probability, since outcomes may be wrong. In (0, 1]. */
  readonly cap: number;
  /** Share of the exact gradient that the other candidates get, in [0, 1]. */
  readonly spread: number;
}

/** The likelihood as it is, but for a cap that keeps its gradient bounded. */
export const EXACT: FailureShape = Object.freeze({ weight: 1, cap: 0.5, spread: 1 });

/**
 * Gradient by the logits of what a choice costs, which a step goes against. One that was good, −ln p(a): p(b) − [b = a]. One that was not,
 * −ln(1 − p(a)): p(a) for itself and −p(a)·p(b)/(1 − p(a)) for the others: the likelihood of a complementary label, one that says only
 * which class it is not (Ishida et al. 2017, Learning from Complementary Labels; Yu et al. 2018). `shape` tempers it: w·min(p(a), cap)
 * instead of the first p(a). Sums to 0 where spread is 1.
 */
export function choiceGradient(p: Float64Array, chosen: number, good: boolean, shape: FailureShape = EXACT): Float64Array {
  const target = p[chosen] ?? 0;
  if (good) return p.map((q, at) => q - Number(at === chosen));
  const blame = shape.weight * Math.min(target, shape.cap);
  const given = (shape.spread * blame) / Math.max(1 - target, Number.EPSILON);
  return p.map((q, at) => (at === chosen ? blame : -given * q));
}
