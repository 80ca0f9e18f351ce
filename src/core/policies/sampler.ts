/**
 * Draws one position from a distribution by inverting its cumulative sum. A position of probability 0 is never drawn.
 * @param probabilities non-negative, summing to 1 within rounding
 * @param u a uniform number in [0, 1)
 * @returns the position; -1 when nothing has a probability above 0
 */
export function sample(probabilities: readonly number[], u: number): number {
  let cumulative = 0;
  for (const [at, probability] of probabilities.entries()) {
    cumulative += probability;
    if (u < cumulative) return at;
  }
  // Rounding left the sum just under u.
  return probabilities.findLastIndex((probability) => probability > 0);
}
