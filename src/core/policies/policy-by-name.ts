import type { Policy } from './candidate.ts';
import { epsilonGreedy } from './epsilon-greedy.ts';
import { greedy } from './greedy.ts';
import { softmax } from './softmax.ts';
import { thompson } from './thompson.ts';
import { ucb1 } from './ucb1.ts';

export const POLICY_NAMES = Object.freeze(['ucb', 'epsilon_greedy', 'thompson', 'softmax', 'greedy'] as const);

export type PolicyName = (typeof POLICY_NAMES)[number];

const POLICIES: Readonly<Record<PolicyName, Policy>> = Object.freeze({
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
