import * as z from 'zod';
import { counted } from '../../core/quote.ts';
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
        sessions: count.describe('Sessions that called it'),
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
      (tool) => `${tool.tool_name}: ${counted(tool.total_calls, 'call')}, ${percent(tool.success_rate)} succeeded`,
      none(input),
    );
    return { structured, text: `${list}.` };
  },
});

function none({ tool_name, cursor: page }: { readonly tool_name?: string | undefined; readonly cursor?: string | undefined }): string {
  if (page !== undefined) return 'No more tools';
  return tool_name === undefined ? 'No tool is known yet' : `No tool named ${tool_name} is known; leave tool_name out to see all`;
}
