import { type Candidate, mixedWithUniform, type PolicyState } from './candidate.ts';
import { greedy } from './greedy.ts';

/**
 * π(a) = (1 − ε)·greedy(a) + ε/n with ε the exploration rate, which decays with the draws. Source: Sutton & Barto, section 2.2.
 */
export function epsilonGreedy(candidates: readonly Candidate[], state: Pick<PolicyState, 'exploration_rate'>): readonly number[] {
  return mixedWithUniform(greedy(candidates), state.exploration_rate);
}
