import type { Cell, ToolEvidence } from '../../src/core/rankers/evidence.ts';

export interface LoggedCall {
  readonly id: number;
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  /** Milliseconds; null: not measured. */
  readonly execution_time_ms: number | null;
  readonly user_rating: number | null;
}

/** Executions in memory, summed up as the product's tables do, for the numbers of the reference to be compared with. */
export class ToolLog {
  #calls: LoggedCall[] = [];

  /** @returns the id: 1, 2, 3 … */
  add(call: Omit<LoggedCall, 'id' | 'user_rating'>): number {
    this.#calls.push({ ...call, id: this.#calls.length + 1, user_rating: null });
    return this.#calls.length;
  }

  /** A later rating replaces the earlier; one of an unknown call, or beyond 1 to 5, changes nothing. */
  rate(id: number, user_rating: number): void {
    if (user_rating < 1 || user_rating > 5) return;
    this.#calls = this.#calls.map((call) => (call.id === id ? { ...call, user_rating } : call));
  }

  /** In order of their first call. */
  toolNames(): string[] {
    return [...new Set(this.#calls.map((call) => call.tool_name))];
  }

  recent(tool: string | null, limit: number): LoggedCall[] {
    return this.#calls
      .filter((call) => tool === null || call.tool_name === tool)
      .toReversed()
      .slice(0, limit);
  }

  /** @param q_value the tool's value in the context at hand; null: no policy, or none for the pair */
  evidence(tool_name: string, q_value: number | null): ToolEvidence {
    const calls = this.#calls.filter((call) => call.tool_name === tool_name);
    const ratings = calls.flatMap((call) => call.user_rating ?? []);
    const times = calls.flatMap((call) => call.execution_time_ms ?? []);
    const exact: Cell | null = q_value === null ? null : { q_value, success_rate: 0.5, visit_count: 1 };
    return {
      tool_name,
      total_calls: calls.length,
      success_count: calls.filter((call) => call.success).length,
      rated_calls: ratings.length,
      rating_sum: sum(ratings),
      timed_calls: times.length,
      total_time_ms: sum(times),
      exact,
      step: null,
      request: null,
      previous: null,
    };
  }

  /** One tool's metrics, or those of every tool called. */
  metrics(tool: string | null) {
    return this.toolNames()
      .filter((name) => tool === null || name === tool)
      .map((name) => {
        const { tool_name, total_calls, success_count, total_time_ms, timed_calls, rating_sum, rated_calls } = this.evidence(name, null);
        return {
          tool_name,
          total_calls,
          success_rate: success_count / total_calls,
          avg_execution_time_ms: mean(total_time_ms, timed_calls),
          avg_user_rating: mean(rating_sum, rated_calls),
        };
      });
  }
}

export function mean(total: number, count: number): number | null {
  return count === 0 ? null : total / count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
