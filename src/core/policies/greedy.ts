import { type Candidate, shareOfGreatest } from './candidate.ts';

/** Always the greatest expected reward. Explores nothing. Source: Sutton & Barto, section 2.2. */
export function greedy(candidates: readonly Candidate[]): readonly number[] {
  return shareOfGreatest(candidates.map((candidate) => candidate.value));
}
