import type { Hyperparameters } from '../hyperparameters.ts';
import type { Uniform } from '../types.ts';

/** A tool that may be drawn. */
export interface Candidate {
  readonly tool_name: string;
  /** What the ranker gives it: a score, an expected reward or a Q-value. */
  readonly value: number;
  readonly successes: number;
  readonly calls: number;
  /** Draws of the tool in this context, count. */
  readonly selection_count: number;
  /** What optimism weighs: a score in logits, successes so far (count), and ln P(no similar request has ruled it out) ≤ 0. */
  readonly prospect?: { readonly score: number; readonly successes: number; readonly not_ruled_out: number } | undefined;
}

export interface PolicyState {
  /** In [0, 1]. */
  readonly exploration_rate: number;
  /** Draws of any tool in this context, count. */
  readonly total_selections: number;
  readonly uniform: Uniform;
}

/**
 * The probability of drawing each candidate, in their order: non-negative, summing to 1 (no candidates: empty). Equal candidates share
 * equally. A policy never draws: {@link sample} does, so that the propensity of what was drawn is always known.
 */
export type Policy = (candidates: readonly Candidate[], state: PolicyState, h: Hyperparameters) => readonly number[];

/** All probability on the greatest score; those equal to it share. */
export function shareOfGreatest(scores: readonly number[]): readonly number[] {
  const greatest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const winners = scores.reduce((count, score) => count + Number(score === greatest), 0);
  return scores.map((score) => (score === greatest ? 1 / winners : 0));
}

/** With probability `rate` any candidate, equally; otherwise as given. */
export function mixedWithUniform(probabilities: readonly number[], rate: number): readonly number[] {
  return probabilities.map((probability) => (1 - rate) * probability + rate / probabilities.length);
}
