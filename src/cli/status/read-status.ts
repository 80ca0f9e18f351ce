import { type StrongSequence, strongestSequences } from '../../engine/browse.ts';
import { getLearningStats, type LearningStats } from '../../engine/get-learning-stats.ts';
import { getToolMetrics, type ToolMetrics } from '../../engine/get-tool-metrics.ts';
import type { Configuration } from '../settings/resolve.ts';
import { takeSpoolFirst } from '../spool/take-first.ts';
import { isMissing, withEngine } from '../with-engine.ts';

/** What has been learned, as `status --json` prints it. */
export interface Status {
  readonly database: string;
  readonly stats: LearningStats;
  /** Most used first, at most 30. */
  readonly tools: readonly ToolMetrics[];
  /** Best first, at most 10. */
  readonly sequences: readonly StrongSequence[];
}

const TOOLS_SHOWN = 30;
const SEQUENCES_SHOWN = 10;

/** With what recorders have left, which is taken in first. null: there is no database yet, and nothing to make one of. @throws StorageError when it cannot be read */
export async function readStatus(configuration: Configuration): Promise<Status | null> {
  await takeSpoolFirst(configuration);
  if (configuration.file === ':memory:' || isMissing(configuration)) return null;
  return await withEngine(configuration, 'read', async (engine) => {
    const stats = await getLearningStats(engine);
    const { tools } = await getToolMetrics(engine, { limit: TOOLS_SHOWN });
    return { database: configuration.file, stats, tools, sequences: await strongestSequences(engine, SEQUENCES_SHOWN) };
  });
}
