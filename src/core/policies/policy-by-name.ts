import type { Candidate, Policy } from './candidate.ts';
import { epsilonGreedy } from './epsilon-greedy.ts';
import { greedy } from './greedy.ts';
import { FLOOR, optimistic } from './optimistic.ts';
import { softmax } from './softmax.ts';
import { thompson } from './thompson.ts';
import { ucb1 } from './ucb1.ts';

export const POLICY_NAMES = Object.freeze(['optimistic', 'ucb', 'epsilon_greedy', 'thompson', 'softmax', 'greedy'] as const);

export type PolicyName = (typeof POLICY_NAMES)[number];

const POLICIES: Readonly<Record<PolicyName, Policy>> = Object.freeze({
  optimistic: (candidates, { exploration_rate }) => optimistic(candidates.map(prospectOf), Math.max(FLOOR, exploration_rate / 2)),
  ucb: ucb1,
  epsilon_greedy: epsilonGreedy,
  thompson,
  softmax,
  greedy,
});

/** The selection policy of that name. */
export function policyByName(name: PolicyName): Policy {
  return POLICIES[name];
}

/** What the learner foresees of a candidate; without a learner its value is all that is known. */
function prospectOf({ prospect, value }: Candidate): NonNullable<Candidate['prospect']> {
  return prospect ?? { score: value, successes: 0, not_ruled_out: 0 };
}
