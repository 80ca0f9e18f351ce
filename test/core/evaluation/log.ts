import type { Episode, Execution, LogEvent } from '../../../src/core/learner/log-event.ts';

let seq = 0;

/** A call, successful and of session s unless said. Its place in the log is one more than the last one's. */
export function call(tool: string, details: Partial<Omit<Execution, 'kind' | 'tool'>> = {}): Execution {
  seq += 1;
  const success = details.success ?? true;
  const rest = { rating: null, query: null, available: null, time_ms: null, ...details };
  return { kind: 'execution', seq, session: 's', tool, success, reward: success ? 10 : -5, ...rest };
}

export function registered(tool: string, description: string | null = null): LogEvent {
  return { kind: 'registration', tool, description, input_schema: null };
}

export function ended(outcome: Episode['outcome'] = 'success', session = 's'): Episode {
  return { kind: 'episode', session, outcome, reward: 0, tools: [] };
}
