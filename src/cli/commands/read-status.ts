import { existsSync } from 'node:fs';
import { type StrongSequence, strongestSequences } from '../../engine/browse.ts';
import { getLearningStats, type LearningStats } from '../../engine/get-learning-stats.ts';
import { getToolMetrics, type ToolMetrics } from '../../engine/get-tool-metrics.ts';
import { engineSource } from '../engine-source.ts';
import { createLogger } from '../logger.ts';
import { complain } from '../output.ts';
import type { Configuration } from '../settings/resolve.ts';

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

/** null: there is no database yet; nothing is made or written. @throws StorageError when it cannot be read */
export async function readStatus(configuration: Configuration): Promise<Status | null> {
  if (configuration.file === ':memory:' || !existsSync(configuration.file)) return null;
  const reading = { ...configuration, settings: { ...configuration.settings, read_only: true } };
  const source = engineSource(reading, createLogger(configuration.log_level, complain));
  try {
    const engine = await source.engine();
    const stats = await getLearningStats(engine);
    const { tools } = await getToolMetrics(engine, { limit: TOOLS_SHOWN });
    return { database: configuration.file, stats, tools, sequences: await strongestSequences(engine, SEQUENCES_SHOWN) };
  } finally {
    await source.close();
  }
}
