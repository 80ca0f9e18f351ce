/**
 * What a source (a hook, a wrapped server, a transcript) saw, in the order in which it saw it. Times are epoch milliseconds, null where the
 * source tells none. All texts are untrusted.
 */
interface Seen {
  /** The conversation, or the subagent's part of it: see `label`. */
  readonly session_id: string;
  readonly at_ms: number | null;
}

/** The user says what is wanted. Whatever turn was under way is over. */
export interface PromptEvent extends Seen {
  readonly kind: 'prompt';
  /** The source's own name of the turn. */
  readonly turn_id: string | null;
  readonly text: string | null;
}

/** A call is about to run; how it went comes later. */
export interface StartEvent extends Seen {
  readonly kind: 'start';
  readonly call_id: string;
}

/** A call is over. */
export interface CallEvent extends Seen {
  readonly kind: 'call';
  /** The source's own name of the call; the same call seen again, by whichever source, has the same. */
  readonly call_id: string | null;
  /** Of the turn that the call belongs to, where the source says so with every call: another one than before begins a turn. */
  readonly turn_id: string | null;
  /** See `toolName` and `mcpToolName`. */
  readonly tool_name: string;
  readonly success: boolean;
  /** A person, or a rule a person made, said no: it did not run. */
  readonly was_denied: boolean;
  /** null: from the start, if that was seen. */
  readonly execution_time_ms: number | null;
  readonly arguments: Readonly<Record<string, unknown>> | null;
  readonly result: string | null;
  readonly error_message: string | null;
  /** Calls of one group ran side by side: their order says nothing. */
  readonly group_id: string | null;
}

/** These calls ran side by side. */
export interface GroupEvent extends Seen {
  readonly kind: 'group';
  readonly call_ids: readonly string[];
}

/** The agent has finished its answer to the prompt. */
export interface StopEvent extends Seen {
  readonly kind: 'stop';
  /** aborted: by the user. error: the agent could not go on. */
  readonly status: 'completed' | 'aborted' | 'error';
}

/** The conversation is over. */
export interface EndEvent extends Seen {
  readonly kind: 'end';
}

/** toolwise answered a question of the agent: the next call is joined to that advice. */
export interface AdviceEvent extends Seen {
  readonly kind: 'advice';
  readonly recommendation_id: string;
}

/** The agent itself said how the work went (`log_episode`). */
export interface JudgedEvent extends Seen {
  readonly kind: 'judged';
  readonly outcome: 'success' | 'partial' | 'failure';
}

/** A server offers a tool. */
export interface ToolEvent {
  readonly kind: 'tool';
  readonly at_ms: number | null;
  readonly tool_name: string;
  readonly description: string | null;
  readonly input_schema: Readonly<Record<string, unknown>> | null;
}

export type SessionEvent = PromptEvent | StartEvent | CallEvent | GroupEvent | StopEvent | EndEvent | AdviceEvent | JudgedEvent;

export type CaptureEvent = SessionEvent | ToolEvent;
