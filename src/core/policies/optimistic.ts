import { mixedWithUniform, shareOfGreatest } from './candidate.ts';

/** How strongly the tools that have already succeeded often stand back, and how much what similar requests ruled out counts. */
const SUCCESS_DISCOUNT = 0.7;
const RULED_OUT_WEIGHT = 2;
/** Least probability spread evenly, so that each candidate keeps a known one above 0, which off-policy evaluation needs. */
export const FLOOR = 0.005;

/** What optimism weighs. */
export interface Prospect {
  /** Score of the tool, in logits. */
  readonly score: number;
  /** Successes of the tool so far, count. */
  readonly successes: number;
  /** ln of the probability that no similar request has ruled the tool out, ≤ 0. */
  readonly not_ruled_out: number;
}

/**
 * The greatest of score − 0.7·ln(1 + successes) + 2·ln P(not ruled out), with a uniform floor: π(a) = (1 − ε)·1[a greatest] + ε/n.
 * The first penalty is logit adjustment (Menon et al. 2021, Long-Tail Learning via Logit Adjustment, section 4: z(a) − τ·ln π(a), with the
 * tool's successes as its share): a tool not yet understood gets its turn. Ties share.
 * @param floor ε, in (0, 1]
 */
export function optimistic(prospects: readonly Prospect[], floor = FLOOR): readonly number[] {
  const scores = prospects.map(
    ({ score, successes, not_ruled_out }) => score - SUCCESS_DISCOUNT * Math.log(1 + successes) + RULED_OUT_WEIGHT * not_ruled_out,
  );
  return mixedWithUniform(shareOfGreatest(scores), floor);
}
