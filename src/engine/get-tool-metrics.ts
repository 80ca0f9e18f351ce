import { ratio, wilsonInterval } from '../core/statistics.ts';
import { pageOfTools, type ToolRecord } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { isoTime, offset, type PageInput, pageOf, shown } from './paging.ts';

export interface ToolMetrics {
  readonly tool_name: string;
  readonly total_calls: number;
  readonly success_count: number;
  readonly failure_count: number;
  /** Different sessions that called it. */
  readonly sessions: number;
  readonly success_rate: number | null;
  /** 95 % Wilson interval of the success rate: [low, high]. */
  readonly success_interval: readonly [number, number];
  readonly avg_execution_time_ms: number | null;
  readonly avg_user_rating: number | null;
  readonly last_used_at: string | null;
}

export interface ToolMetricsOutput {
  readonly tools: readonly ToolMetrics[];
  readonly next_cursor: string | null;
}

/** What every tool has done so far, most used first. */
export async function getToolMetrics(
  engine: Engine,
  input: PageInput & { readonly tool_name?: string | undefined },
): Promise<ToolMetricsOutput> {
  const page = pageOf('tools', input);
  const rows = await engine.read((trx) => pageOfTools(trx, { limit: page.limit + 1, offset: page.after ?? 0, name: input.tool_name }));
  const { items, next_cursor } = shown(page, rows, offset(page));
  return { tools: items.map(metricsOf), next_cursor };
}

export function metricsOf(tool: ToolRecord): ToolMetrics {
  const { low, high } = wilsonInterval(tool.success_count, tool.total_calls);
  return {
    tool_name: tool.name,
    total_calls: tool.total_calls,
    success_count: tool.success_count,
    failure_count: tool.total_calls - tool.success_count,
    sessions: tool.session_count,
    success_rate: ratio(tool.success_count, tool.total_calls),
    success_interval: [low, high],
    avg_execution_time_ms: ratio(tool.total_time_ms, tool.timed_calls),
    avg_user_rating: ratio(tool.rating_sum, tool.rated_calls),
    last_used_at: tool.last_used_at_ms === null ? null : isoTime(tool.last_used_at_ms),
  };
}
