import { existsSync } from 'node:fs';
import { type StrongSequence, strongestSequences } from '../../engine/browse.ts';
import { getLearningStats, type LearningStats } from '../../engine/get-learning-stats.ts';
import { getToolMetrics, type ToolMetrics } from '../../engine/get-tool-metrics.ts';
import { engineSource } from '../engine-source.ts';
import { createLogger } from '../logger.ts';
import { complain, print } from '../output.ts';
import type { Configuration } from '../settings/resolve.ts';
import { colourful, PLAIN, type Style } from '../table.ts';
import { statusText } from './status-text.ts';

/** What has been learned, as `status --json` prints it. */
export interface Status {
  readonly database: string;
  readonly stats: LearningStats;
  readonly tools: readonly ToolMetrics[];
  readonly sequences: readonly StrongSequence[];
}

const TOOLS_SHOWN = 30;
const SEQUENCES_SHOWN = 10;

/** Prints what has been learned. A database that does not exist is not made. */
export async function status(configuration: Configuration, { json }: { readonly json: boolean }): Promise<void> {
  const learned = await readStatus(configuration);
  if (json) print(JSON.stringify(learned, null, 2));
  else print(statusText(configuration.file, learned, style()));
}

/** null: there is no database yet. */
export async function readStatus(configuration: Configuration): Promise<Status | null> {
  if (configuration.file === ':memory:' || !existsSync(configuration.file)) return null;
  const source = engineSource(configuration, createLogger(configuration.log_level, complain));
  try {
    const engine = await source.engine();
    const stats = await getLearningStats(engine);
    const { tools } = await getToolMetrics(engine, { limit: TOOLS_SHOWN });
    return { database: configuration.file, stats, tools, sequences: await strongestSequences(engine, SEQUENCES_SHOWN) };
  } finally {
    await source.close();
  }
}

function style(): Style {
  return process.env['NO_COLOR'] === undefined && process.stdout.isTTY ? colourful(true) : PLAIN;
}
