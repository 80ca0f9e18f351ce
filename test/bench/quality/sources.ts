import type { Entrant } from '../../../bench/quality/entrants.ts';
import type { RecordedSession, RecordedStep, Source } from '../../../bench/quality/sources.ts';
import type { Decision, LogEvent } from '../../../src/core/learner/log-event.ts';

export const ABC = ['a', 'b', 'c'];

export function source(sessions: readonly RecordedSession[], catalogue: Source['catalogue'] = []): Source {
  return { name: 'test', sessions, catalogue };
}

export function session(steps: readonly RecordedStep[], more: Partial<RecordedSession> = {}): RecordedSession {
  return { query: 'q', available_tools: ABC, steps, ...more };
}

export function right(tool_name: string, query = 'q'): RecordedStep {
  return { tool_name, success: true, query };
}

export function failed(tool_name: string): RecordedStep {
  return { tool_name, success: false, query: 'q' };
}

/** Ranks in the caller's order and keeps all that it was asked and shown. */
export function witness(): Entrant & { readonly seen: (Decision | LogEvent)[] } {
  const seen: (Decision | LogEvent)[] = [];
  return {
    name: 'learned',
    seen,
    rank: (decision) => {
      seen.push(decision);
      return { tools: decision.available, confidence: 0.5 };
    },
    observe: (event) => {
      seen.push(event);
    },
  };
}
