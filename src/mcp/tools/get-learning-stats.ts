import * as z from 'zod';
import { counted } from '../../core/quote.ts';
import { getLearningStats, METRIC_NAMES, type MetricName } from '../../engine/get-learning-stats.ts';
import { READS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { percent } from '../format.ts';
import { count, numberOrNull } from '../outputs.ts';
import { metricName } from '../parameters.ts';

const summary = z
  .object({ count, mean: numberOrNull, std: numberOrNull, min: numberOrNull, max: numberOrNull, latest: numberOrNull })
  .optional();

export const getLearningStatsTool = defineTool({
  name: 'get_learning_stats',
  toolset: 'insight',
  title: 'Learning statistics',
  description: 'How learning goes: updates, exploration, summaries of the latest metrics, and whether advice was followed and paid off.',
  annotations: READS,
  inputSchema: z.strictObject({
    metric_name: metricName.optional().describe('Default: all'),
    window: z.int().min(1).max(10_000).optional().describe('Latest values summarised; default 100'),
  }),
  outputSchema: z.object({
    update_count: count,
    replay: z.object({ size: count, capacity: count, batches: count }),
    exploration: z.object({ current_rate: z.number(), initial_rate: z.number(), min_rate: z.number(), total_selections: count }),
    metrics: z.object(Object.fromEntries(METRIC_NAMES.map((name) => [name, summary])) as Record<MetricName, typeof summary>),
    recommendations: z.object({ made: count, followed: count, success_when_followed: numberOrNull, success_otherwise: numberOrNull }),
  }),
  async run(engine, input) {
    const structured = await getLearningStats(engine, input);
    const { made, followed, success_when_followed, success_otherwise } = structured.recommendations;
    const paid = `success ${percent(success_when_followed)} when followed, ${percent(success_otherwise)} otherwise`;
    return {
      structured,
      text: `${counted(structured.update_count, 'execution')} learned from; ${counted(made, 'recommendation')}, ${followed} followed; ${paid}.`,
    };
  },
});
