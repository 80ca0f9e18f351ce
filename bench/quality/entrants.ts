import type { Contender } from '../../src/core/evaluation/contender.ts';
import { DescriptionMatch } from '../../src/core/evaluation/contenders/description-match.ts';
import { LEARNED } from '../../src/core/evaluation/contenders/learned.ts';
import { Markov } from '../../src/core/evaluation/contenders/markov.ts';
import { Popularity } from '../../src/core/evaluation/contenders/popularity.ts';
import { Reference } from '../../src/core/evaluation/contenders/reference.ts';
import { RepeatPrevious } from '../../src/core/evaluation/contenders/repeat-previous.ts';
import { DEFAULTS, DOMAIN_KEYWORDS } from '../../src/core/hyperparameters.ts';
import { Learner } from '../../src/core/learner/learner.ts';
import type { Decision, LogEvent } from '../../src/core/learner/log-event.ts';
import { seededUniform } from '../../src/core/random.ts';
import { allSignals } from '../../src/core/signals/all.ts';
import { LinearSignal } from '../../src/core/signals/linear.ts';
import type { Signal } from '../../src/core/signals/signal.ts';
import { shuffled } from './mulberry32.ts';

/** All candidates, best first. */
export interface Ranking {
  readonly tools: readonly string[];
  /** Probability that the first is right, in [0, 1]; null: not said. */
  readonly confidence: number | null;
}

/** A way to rank tools that takes part. What it knows is a function of the events it was shown. */
export interface Entrant {
  readonly name: string;
  rank(decision: Decision): Ranking;
  observe(event: LogEvent): void;
}

const LEARNER_SEED = 1;
/** Separates the random ranking's stream from the others. */
const RANDOM_STREAM = 2;

/** The product's own ranking. */
export function learnedFusion(): Entrant {
  return learner(LEARNED, allSignals());
}

/** What the learned ranking must beat, each new. @param seed of the random ranking */
export function baselines(seed: number): Entrant[] {
  return [
    random(seed),
    unsure(new Popularity()),
    unsure(new RepeatPrevious()),
    unsure(new Markov()),
    unsure(new DescriptionMatch()),
    unsure(new Reference(DEFAULTS, DOMAIN_KEYWORDS)),
    learner('online softmax alone', [new LinearSignal()]),
  ];
}

/** The learned ranking without each of its signals in turn, each new. */
export function ablations(): Entrant[] {
  const names = allSignals().map((signal) => signal.name);
  return names.map((left_out) =>
    learner(
      `without ${left_out}`,
      allSignals().filter((signal) => signal.name !== left_out),
    ),
  );
}

function learner(name: string, signals: readonly Signal[]): Entrant {
  const learning = new Learner(LEARNER_SEED, signals);
  return {
    name,
    rank: (decision) => {
      const ranked = learning.rank(decision);
      return { tools: ranked.map((tool) => tool.tool_name), confidence: ranked[0]?.confidence ?? null };
    },
    observe: (event) => learning.observe(event),
  };
}

function unsure(contender: Contender): Entrant {
  return {
    name: contender.name,
    rank: (decision) => ({ tools: contender.rank(decision), confidence: null }),
    observe: (event) => contender.observe(event),
  };
}

function random(seed: number): Entrant {
  const uniform = seededUniform(seed, RANDOM_STREAM);
  return {
    name: 'random',
    rank: ({ available }) => ({ tools: shuffled(available, uniform), confidence: null }),
    observe: () => undefined,
  };
}
