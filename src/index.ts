/** toolwise as a library: the engine, its use cases, and the pure core under them. */

export { canonicalContext, encodeContexts, referenceKeywords } from './core/context.ts';
export { DEFAULTS, DOMAIN_KEYWORDS, HYPERPARAMETERS, type Hyperparameters } from './core/hyperparameters.ts';
export { policyByName } from './core/policies/policy-by-name.ts';
export { rankerByName } from './core/rankers/ranker-by-name.ts';
export { ReplayMemory } from './core/replay.ts';
export { computeReward, rewardBounds } from './core/reward.ts';
export { ngramsOf, rankNext } from './core/sequence-model.ts';
export { type Engine, type EngineOptions, openEngine } from './engine/engine.ts';
export { getHistory } from './engine/get-history.ts';
export { getLearningStats } from './engine/get-learning-stats.ts';
export { getPolicy } from './engine/get-policy.ts';
export { getToolMetrics } from './engine/get-tool-metrics.ts';
export { logEpisode } from './engine/log-episode.ts';
export type { Logger } from './engine/logger.ts';
export { nextToolBySequence } from './engine/next-tool-by-sequence.ts';
export { recommendTools } from './engine/recommend-tools.ts';
export { recordExecution } from './engine/record-execution.ts';
export { registerTools } from './engine/register-tools.ts';
export { resetExploration } from './engine/reset-exploration.ts';
export { selectTool } from './engine/select-tool.ts';
export type { Settings } from './engine/settings.ts';
export { submitFeedback } from './engine/submit-feedback.ts';
export { suggestParametersFor } from './engine/suggest-parameters.ts';
export { train } from './engine/train.ts';
export { StorageError, UserError } from './errors.ts';
