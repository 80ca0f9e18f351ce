import type { Outcome } from '../types.ts';

/** A tool as its server describes it; the latest registration counts. */
export interface Registration {
  readonly kind: 'registration';
  readonly tool: string;
  readonly description: string | null;
  /** JSON Schema of the arguments. */
  readonly input_schema: unknown;
}

/** A request that was ranked for a session before anything was called for it. */
export interface Request {
  readonly kind: 'request';
  readonly session: string;
  readonly query: string;
}

/** One call, as it went. null: not known. */
export interface Execution {
  readonly kind: 'execution';
  /** Place in the log: grows from event to event. */
  readonly seq: number;
  readonly session: string;
  readonly tool: string;
  readonly success: boolean;
  readonly reward: number;
  /** 1 to 5. */
  readonly rating: number | null;
  readonly query: string | null;
  /** The tools the agent could have called; null: all that are known. */
  readonly available: readonly string[] | null;
  readonly time_ms: number | null;
  /** When, in whole days since 1970 in UTC; absent: 0. */
  readonly day?: number;
}

/** A rating that came after its execution. */
export interface Rating {
  readonly kind: 'rating';
  /** The execution's. */
  readonly seq: number;
  readonly rating: number;
  /** The execution's reward, now that it is rated. */
  readonly reward: number;
}

/** How the work of a session ended. */
export interface Episode {
  readonly kind: 'episode';
  readonly session: string;
  readonly outcome: Outcome;
  /** How sure the outcome is, in [0, 1]; absent: 1. */
  readonly confidence?: number;
  readonly reward: number;
  readonly tools: readonly string[];
}

/** What the learner learns from; its weights are a function of its seed and the log. */
export type LogEvent = Registration | Request | Execution | Rating | Episode;

/** A choice to be made: which of the available tools comes next. */
export interface Decision {
  readonly query: string | null;
  /** null: none. What was observed of a session is its history. */
  readonly session: string | null;
  /** The tools called so far, oldest first; they win over what was observed when they disagree with it. */
  readonly recent_tools?: readonly string[];
  readonly previous_tool?: string;
  readonly available: readonly string[];
}
