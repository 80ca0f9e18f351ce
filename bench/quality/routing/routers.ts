import { DescriptionMatch } from '../../../src/core/evaluation/contenders/description-match.ts';
import { DEFAULTS } from '../../../src/core/hyperparameters.ts';
import { Learner } from '../../../src/core/learner/learner.ts';
import { optimistic } from '../../../src/core/policies/optimistic.ts';
import { sample } from '../../../src/core/policies/sampler.ts';
import { seededUniform } from '../../../src/core/random.ts';
import type { RoutedTool } from './stream.ts';

/** Chooses a tool for each query; of the outcomes it sees only that of its own choice. */
export interface Router {
  readonly name: string;
  /** Position of the tool. */
  choose(query: string, round: number): number;
  learn(query: string, round: number, chosen: number, success: boolean): void;
}

/** @param seed of the stream, which the draws depend on, too @param shown the tools are described before the first round */
export type MakeRouter = (tools: readonly RoutedTool[], seed: number, shown: boolean) => Router;

const LEARNER_SEED = 1;
/** Separates the streams of random numbers: `select_tool`'s draws, as in src/engine/select-tool.ts, and the random router's. */
const SELECTION_STREAM = 1;
const RANDOM_STREAM = 2;
const CALL_MS = 100;

/** The product's `select_tool` with its default policy. */
export const learnedRouter: MakeRouter = (tools, seed, shown) => {
  const learner = new Learner(LEARNER_SEED);
  const available = tools.map((tool) => tool.name);
  for (const { name, description } of shown ? tools : []) {
    learner.observe({ kind: 'registration', tool: name, description, input_schema: null });
  }
  return {
    name: 'learned',
    choose: (query, round) => {
      const session = String(round);
      learner.observe({ kind: 'request', session, query });
      const probabilities = optimistic(learner.prospects({ query, session, available }));
      return sample(probabilities, seededUniform(seed, SELECTION_STREAM, round)());
    },
    learn: (query, round, chosen, success) => {
      const reward = success ? DEFAULTS.reward_success : DEFAULTS.reward_failure;
      const call = { seq: round, session: String(round), tool: available[chosen] ?? '', success, reward, rating: null };
      learner.observe({ kind: 'execution', ...call, query, available, time_ms: CALL_MS });
    },
  };
};

/** The tool whose name and description match best; learns nothing. */
export const descriptionRouter: MakeRouter = (tools) => {
  const match = new DescriptionMatch();
  const available = tools.map((tool) => tool.name);
  for (const { name, description } of tools) match.observe({ kind: 'registration', tool: name, description, input_schema: null });
  return {
    name: 'description match',
    choose: (query) => available.indexOf(match.rank({ query, session: null, available })[0] ?? ''),
    learn: () => undefined,
  };
};

export const randomRouter: MakeRouter = (tools, seed) => {
  const uniform = seededUniform(seed, RANDOM_STREAM);
  return { name: 'random', choose: () => Math.floor(uniform() * tools.length), learn: () => undefined };
};
