import { backoff } from './backoff.ts';
import type { Ranker } from './evidence.ts';
import { reference } from './reference.ts';

export const RANKER_NAMES = Object.freeze(['backoff', 'reference'] as const);

export type RankerName = (typeof RANKER_NAMES)[number];

const RANKERS: Readonly<Record<RankerName, Ranker>> = Object.freeze({ backoff, reference });

/** The ranker of that name: `backoff` is the product's default, `reference` the Python service's. */
export function rankerByName(name: RankerName): Ranker {
  return RANKERS[name];
}
