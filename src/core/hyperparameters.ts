/**
 * Every number that learning rests on, in one record: its default, its range, its unit and what it does.
 * Entries with `flag: true` are command-line flags and `TOOLWISE_*` variables; the others are fixed constants of the product
 * that the core still takes as arguments (the reference's values reproduce the reference's numbers).
 */
export const HYPERPARAMETERS = {
  exploration_rate: {
    default: 0.1,
    min: 0,
    max: 1,
    integer: false,
    flag: true,
    about: 'probability of exploring in select_tool at the start',
  },
  exploration_decay: {
    default: 0.995,
    min: 0.5,
    max: 1,
    integer: false,
    flag: true,
    about: 'factor applied to the exploration rate after each selection',
  },
  min_exploration_rate: { default: 0.01, min: 0, max: 1, integer: false, flag: true, about: 'floor of the exploration rate' },
  learning_rate: { default: 0.3, min: 0.001, max: 1, integer: false, flag: true, about: 'step size alpha of Q-learning' },
  discount_factor: { default: 0.95, min: 0, max: 1, integer: false, flag: true, about: 'discount gamma of future value' },
  min_samples: { default: 3, min: 0, max: 1000, integer: true, flag: true, about: 'calls before a tool counts as known' },
  ucb_c: { default: 2, min: 0, max: 100, integer: false, flag: true, about: 'width of the UCB1 exploration bonus' },
  replay_capacity: { default: 10_000, min: 1, max: 1_000_000, integer: true, flag: true, about: 'transitions kept for replay' },
  replay_priority_exponent: {
    default: 0.6,
    min: 0,
    max: 1,
    integer: false,
    flag: true,
    about: 'how strongly priorities shape replay sampling (0 = uniform)',
  },
  batch_size: { default: 32, min: 1, max: 10_000, integer: true, flag: true, about: 'transitions in a replay batch' },
  ngram_length: { default: 3, min: 2, max: 5, integer: true, flag: true, about: 'longest tool sequence that is counted' },

  replay_interval: { default: 10, min: 1, max: 1_000_000, integer: true, flag: false, about: 'executions between two replay batches' },
  replay_importance_exponent: {
    default: 1,
    min: 0,
    max: 1,
    integer: false,
    flag: false,
    about: 'importance correction beta of replay (1 = unbiased, 0 = the reference)',
  },
  reward_success: { default: 10, min: 0, max: 100, integer: false, flag: false, about: 'reward of a success' },
  reward_failure: { default: -5, min: -100, max: 0, integer: false, flag: false, about: 'reward of a failure' },
  rating_weight: { default: 2, min: 0, max: 10, integer: false, flag: false, about: 'reward per star above or below 3' },
  time_penalty_per_second: { default: 0.1, min: 0, max: 10, integer: false, flag: false, about: 'reward lost per second of execution' },
  max_time_penalty: {
    default: 5,
    min: 0,
    max: 1e12,
    integer: false,
    flag: false,
    about: 'largest reward lost to time (the reference: unbounded)',
  },
  fast_fraction: {
    default: 0.8,
    min: 0,
    max: 1,
    integer: false,
    flag: false,
    about: "a call under this fraction of the tool's average time is fast",
  },
  fast_success_bonus: { default: 2, min: 0, max: 10, integer: false, flag: false, about: 'reward of a fast success' },
  fast_failure_bonus: { default: 0, min: 0, max: 10, integer: false, flag: false, about: 'reward of a fast failure (the reference: 2)' },
  shortest_measured_ms: {
    default: 0,
    min: 0,
    max: 1,
    integer: false,
    flag: false,
    about: 'shorter times count as not measured, milliseconds (the reference: any time above 0)',
  },
  partial_credit: {
    default: 0.5,
    min: 0,
    max: 1,
    integer: false,
    flag: false,
    about: 'how much of a success a partial episode is (the reference: 0)',
  },
  min_sequence_episodes: {
    default: 2,
    min: 1,
    max: 1000,
    integer: true,
    flag: false,
    about: 'episodes a sequence must occur in before it is advice',
  },
  episode_success: {
    default: 10,
    min: 0,
    max: 100,
    integer: false,
    flag: false,
    about: 'reward of a successful episode without recorded calls',
  },
  episode_partial: {
    default: 5,
    min: -100,
    max: 100,
    integer: false,
    flag: false,
    about: 'reward of a partial episode without recorded calls',
  },
  episode_failure: {
    default: -5,
    min: -100,
    max: 0,
    integer: false,
    flag: false,
    about: 'reward of a failed episode without recorded calls',
  },
  success_prior_mean: { default: 0.9, min: 0, max: 1, integer: false, flag: false, about: 'success rate assumed for a tool never called' },
  success_prior_strength: {
    default: 2,
    min: 0.01,
    max: 1000,
    integer: false,
    flag: false,
    about: 'calls that the prior success rate is worth',
  },
  shrinkage: {
    default: 2,
    min: 0.01,
    max: 1000,
    integer: false,
    flag: false,
    about: 'calls that the coarser context is worth when a finer one is judged',
  },
  coarse_learning_rate: {
    default: 0.1,
    min: 0.001,
    max: 1,
    integer: false,
    flag: false,
    about: 'step size of the mean rewards in coarser contexts once 1/n falls below it',
  },
  value_temperature: {
    default: 3,
    min: 0.1,
    max: 100,
    integer: false,
    flag: false,
    about: 'reward difference that multiplies the odds of a tool by e',
  },
} as const;

export type HyperparameterName = keyof typeof HYPERPARAMETERS;

/** One finite number for each entry of {@link HYPERPARAMETERS}, within its range. */
export type Hyperparameters = { readonly [Name in HyperparameterName]: number };

/** The defaults of the product: the reference's deployed configuration where it is sound. */
export const DEFAULTS: Hyperparameters = Object.freeze(
  Object.fromEntries(Object.entries(HYPERPARAMETERS).map(([name, entry]) => [name, entry.default])) as Hyperparameters,
);

/** The reference's domain words: a query that contains one has it among its keywords. Configurable. */
export const DOMAIN_KEYWORDS: readonly string[] = Object.freeze([
  'dimension',
  'member',
  'account',
  'entity',
  'period',
  'scenario',
  'journal',
  'consolidation',
  'report',
  'data',
  'retrieve',
  'export',
  'import',
  'rule',
  'job',
  'status',
  'hierarchy',
  'balance',
  'currency',
]);
