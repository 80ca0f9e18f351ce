import { explorationRate } from '../core/exploration.ts';
import { ratio, type Summary, summarise } from '../core/statistics.ts';
import type { Trx } from '../store/database.ts';
import { countFollowed } from '../store/executions.ts';
import { readCounters } from '../store/learner.ts';
import { latestValues, METRIC_NAMES, type MetricName } from '../store/metrics.ts';
import { countRecommendations } from '../store/recommendations.ts';
import { countTransitions } from '../store/transitions.ts';
import type { Engine } from './engine.ts';

export { METRIC_NAMES, type MetricName };

export interface GetLearningStatsInput {
  /** Absent: all of them. */
  readonly metric_name?: MetricName | undefined;
  /** Latest values that a summary covers, count. */
  readonly window?: number | undefined;
}

export interface LearningStats {
  /** Executions learned from, count. */
  readonly update_count: number;
  readonly replay: { readonly size: number; readonly capacity: number; readonly batches: number };
  readonly exploration: {
    readonly current_rate: number;
    readonly initial_rate: number;
    readonly min_rate: number;
    readonly total_selections: number;
  };
  readonly metrics: Partial<Readonly<Record<MetricName, Summary>>>;
  readonly recommendations: {
    readonly made: number;
    /** Advice whose first tool was then called, count. */
    readonly followed: number;
    /** Success rate of these calls; null: none. */
    readonly success_when_followed: number | null;
    /** Success rate of the calls that had advice and took another tool; null: none. */
    readonly success_otherwise: number | null;
  };
}

const DEFAULT_WINDOW = 100;

/** How learning goes: counters, exploration, summaries of the latest metrics, and whether advice was followed and paid off. */
export async function getLearningStats(engine: Engine, input: GetLearningStatsInput = {}): Promise<LearningStats> {
  const names = input.metric_name === undefined ? METRIC_NAMES : [input.metric_name];
  return await engine.read(async (trx) => {
    const counters = await readCounters(trx);
    const h = engine.settings.hyperparameters;
    return {
      update_count: counters.update_count,
      replay: { size: await countTransitions(trx), capacity: h.replay_capacity, batches: counters.batch_count },
      exploration: {
        current_rate: explorationRate(counters.selections_since_reset, h),
        initial_rate: h.exploration_rate,
        min_rate: h.min_exploration_rate,
        total_selections: counters.selection_count,
      },
      metrics: await summaries(trx, names, input.window ?? DEFAULT_WINDOW),
      recommendations: await adviceStats(trx),
    };
  });
}

async function summaries(trx: Trx, names: readonly MetricName[], window: number): Promise<LearningStats['metrics']> {
  const entries: [MetricName, Summary][] = [];
  for (const name of names) entries.push([name, summarise(await latestValues(trx, name, window))]);
  return Object.fromEntries(entries);
}

async function adviceStats(trx: Trx): Promise<LearningStats['recommendations']> {
  const counts = await countFollowed(trx);
  return {
    made: await countRecommendations(trx),
    followed: counts.followed,
    success_when_followed: ratio(counts.followed_success, counts.followed),
    success_otherwise: ratio(counts.otherwise_success, counts.otherwise),
  };
}
