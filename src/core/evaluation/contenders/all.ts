import type { Hyperparameters } from '../../hyperparameters.ts';
import type { Contender } from '../contender.ts';
import { DescriptionMatch } from './description-match.ts';
import { Learned } from './learned.ts';
import { Markov } from './markov.ts';
import { Popularity } from './popularity.ts';
import { Reference } from './reference.ts';
import { RepeatPrevious } from './repeat-previous.ts';

/** The learned ranking and the rules that it must beat, each new. A new contender is one file and one line here. */
export function allContenders(options: {
  readonly hyperparameters: Hyperparameters;
  readonly domain_keywords: readonly string[];
  /** Unsigned 32-bit. */
  readonly seed: number;
}): Contender[] {
  return [
    new Popularity(),
    new RepeatPrevious(),
    new Markov(),
    new DescriptionMatch(),
    new Reference(options.hyperparameters, options.domain_keywords),
    new Learned(options.seed),
  ];
}
