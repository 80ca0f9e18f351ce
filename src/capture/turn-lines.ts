import type { EntryLine } from '../engine/journal/lines.ts';
import type { CallEvent } from './events.ts';
import type { TurnCall, TurnOutcome } from './turn-outcome.ts';

const DAY_MS = 86_400_000;

/** A call as a line of the log. @param told what the session knows of it; `args` is JSON text */
export function executionLine(
  event: CallEvent,
  told: {
    readonly session_id: string;
    readonly execution_id: string;
    readonly query: string | null;
    readonly args: string | null;
    readonly advice: string | null;
  },
): EntryLine {
  return {
    kind: 'execution',
    at_ms: event.at_ms ?? undefined,
    settings_id: null,
    execution_id: told.execution_id,
    session_id: told.session_id,
    tool_name: event.tool_name,
    success: event.success && !event.was_denied,
    execution_time_ms: timeOf(event),
    user_rating: null,
    query: told.query,
    arguments: told.args,
    result: event.result,
    error_message: event.error_message ?? (event.was_denied ? 'not permitted' : null),
    available_tools: null,
    is_terminal: false,
    recommendation_id: told.advice,
  };
}

/** A turn's calls as a line of the log. */
export function episodeLine(
  calls: readonly TurnCall[],
  told: TurnOutcome & { readonly session_id: string; readonly episode_id: string; readonly at_ms: number | null },
): EntryLine {
  return {
    kind: 'episode',
    ...told,
    at_ms: told.at_ms ?? undefined,
    settings_id: null,
    tool_sequence: inSequence(calls),
    episode_reward: 0,
    reward_given: false,
  };
}

/** A call that did not run took no time. */
function timeOf({ execution_time_ms, was_denied }: CallEvent): number | null {
  if (execution_time_ms === null || !Number.isFinite(execution_time_ms) || was_denied) return null;
  return Math.min(Math.max(execution_time_ms, 0), DAY_MS);
}

/** Tools in the order of the calls; calls that ran side by side by name, since their order says nothing. */
function inSequence(calls: readonly TurnCall[]): readonly string[] {
  const groups: TurnCall[][] = [];
  for (const call of calls) {
    const group = groups.at(-1);
    if (group !== undefined && call.group_id !== null && group[0]?.group_id === call.group_id) group.push(call);
    else groups.push([call]);
  }
  return groups.flatMap((group) => group.map(({ tool_name }) => tool_name).sort());
}
