import * as z from 'zod';
import { getToolMetrics } from '../../engine/get-tool-metrics.ts';
import { READS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { percent, ranked } from '../format.ts';
import { count, nextCursor, numberOrNull, textOrNull } from '../outputs.ts';
import { cursor, limit, toolName } from '../parameters.ts';

export const getToolMetricsTool = defineTool({
  name: 'get_tool_metrics',
  toolset: 'insight',
  title: 'Tool metrics',
  description: 'Calls, success rate, time and rating of each tool, most used first.',
  annotations: READS,
  inputSchema: z.strictObject({ tool_name: toolName.optional(), limit: limit.optional(), cursor: cursor.optional() }),
  outputSchema: z.object({
    tools: z.array(
      z.object({
        tool_name: z.string(),
        total_calls: count,
        success_count: count,
        failure_count: count,
        success_rate: numberOrNull,
        success_interval: z.array(z.number()).length(2).describe('95 % interval: low, high'),
        avg_execution_time_ms: numberOrNull,
        avg_user_rating: numberOrNull,
        last_used_at: textOrNull.describe('ISO 8601'),
      }),
    ),
    next_cursor: nextCursor,
  }),
  async run(engine, input) {
    const structured = await getToolMetrics(engine, input);
    const list = ranked(
      structured.tools,
      (tool) => `${tool.tool_name}: ${tool.total_calls} calls, ${percent(tool.success_rate)} succeeded`,
      'No tool is known yet',
    );
    return { structured, text: `${list}.` };
  },
});
