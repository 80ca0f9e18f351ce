import { backoff } from './backoff.ts';
import type { Ranker } from './evidence.ts';
import { reference } from './reference.ts';

/** `learned` is the product's default, `backoff` needs no learner, `reference` is the Python service's. */
export const RANKER_NAMES = Object.freeze(['learned', 'backoff', 'reference'] as const);

export type RankerName = (typeof RANKER_NAMES)[number];

/** The rankers that need nothing but the evidence of a decision. `learned` is the learner's own. */
export type EvidenceRankerName = Exclude<RankerName, 'learned'>;

const RANKERS: Readonly<Record<EvidenceRankerName, Ranker>> = Object.freeze({ backoff, reference });

export function rankerByName(name: EvidenceRankerName): Ranker {
  return RANKERS[name];
}
