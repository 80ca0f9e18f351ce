import type { Registration } from '../../src/core/learner/log-event.ts';
import type { Outcome } from '../../src/core/types.ts';
import type { RecordedSession, RecordedTool } from './sources.ts';

/** A recorded session as an agent would report it: names and texts cut to what the server's tools accept. */
export interface Work {
  readonly available: readonly string[];
  /** The first message, where it is not the first call's own query: it is asked before any call and not judged. */
  readonly request: string | null;
  readonly steps: readonly WorkStep[];
  readonly outcome: Outcome;
  readonly reward: number;
}

export interface WorkStep {
  readonly tool: string;
  readonly query: string;
  readonly success: boolean;
  readonly time_ms: number;
  /** The session's previous call took the same tool. */
  readonly repeats: boolean;
}

const LONGEST_QUERY = 8_000;
const LONGEST_DESCRIPTION = 1_000;
const LONGEST_NAME = 128;
/** Where the file does not tell how long a call took. */
const UNKNOWN_TIME_MS = 100;

export function workOf(session: RecordedSession): Work {
  const { query = '', steps, outcome = 'success' } = session;
  return {
    available: session.available_tools.map(acceptedName),
    request: query !== '' && query !== steps[0]?.query ? query.slice(0, LONGEST_QUERY) : null,
    steps: steps.map((step, at) => ({
      tool: acceptedName(step.tool_name),
      query: (step.query ?? query).slice(0, LONGEST_QUERY),
      success: step.success,
      time_ms: step.execution_time_ms ?? UNKNOWN_TIME_MS,
      repeats: steps[at - 1]?.tool_name === step.tool_name,
    })),
    outcome,
    reward: session.reward ?? 0,
  };
}

export function registrationOf({ name, description = '', input_schema }: RecordedTool): Registration {
  return { kind: 'registration', tool: acceptedName(name), description: description.slice(0, LONGEST_DESCRIPTION), input_schema };
}

function acceptedName(name: string): string {
  return name.replace(/[^A-Za-z0-9_./:@-]/g, '_').slice(0, LONGEST_NAME);
}
