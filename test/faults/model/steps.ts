/** A plan is a list of steps. It is fixed before anything runs: what a server made up (its ids) is referred to by number. */

export const TOOLS = ['search', 'ledger', '__proto__', 'a:b', 'server/tool'] as const;
export const SESSIONS = ['one', 'two', 'three'] as const;
/** Their first five words differ, so that no two are the same context. */
export const QUERIES = ['find the balance of entity 7', 'send the monthly report by mail', 'which branch is the newest'] as const;

export interface RecordArgs {
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly execution_time_ms?: number;
  readonly query?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly user_rating?: number;
  readonly available_tools?: readonly string[];
  readonly is_terminal?: boolean;
  readonly execution_id?: string;
}

export interface StateArgs {
  readonly query?: string;
  readonly session_id?: string;
  readonly previous_tool?: string;
  readonly recent_tools?: readonly string[];
  readonly session_length?: number;
  readonly available_tools?: readonly string[];
}

export interface SelectArgs extends Omit<StateArgs, 'recent_tools'> {
  readonly available_tools: readonly string[];
  readonly policy?: string;
}

export interface EpisodeArgs {
  readonly session_id: string;
  readonly outcome: 'success' | 'partial' | 'failure';
  readonly tool_sequence?: readonly string[];
  readonly episode_reward?: number;
}

/** Steps that write. After a kill in their middle, they have happened or they have not. */
export type Write =
  | { readonly kind: 'register'; readonly tools: readonly { readonly name: string; readonly description?: string }[] }
  | { readonly kind: 'recommend'; readonly args: StateArgs & { readonly top_k?: number; readonly explain?: boolean } }
  | { readonly kind: 'select'; readonly args: SelectArgs }
  /** `advice`: names the so-many-th latest advice; null: names none. */
  | { readonly kind: 'record'; readonly args: RecordArgs; readonly advice: number | null }
  /** `which`: the so-many-th latest execution. */
  | { readonly kind: 'feedback'; readonly which: number; readonly rating: number; readonly words?: string }
  | { readonly kind: 'episode'; readonly args: EpisodeArgs }
  | { readonly kind: 'train'; readonly batches: number; readonly batch_size?: number }
  | { readonly kind: 'reset' };

export type Read =
  | {
      readonly kind: 'next';
      readonly recent_tools?: readonly string[];
      readonly session_id?: string;
      readonly available_tools?: readonly string[];
    }
  | { readonly kind: 'suggest'; readonly tool_name: string; readonly partial_args?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'metrics'; readonly limit: number }
  | { readonly kind: 'policy'; readonly limit: number }
  | { readonly kind: 'executions'; readonly limit: number; readonly tool_name?: string; readonly session_id?: string }
  | { readonly kind: 'episodes'; readonly limit: number; readonly successful: boolean; readonly session_id?: string }
  | { readonly kind: 'stats'; readonly window: number }
  /** The same execution_id again, the so-many-th latest; `otherwise`: for another call, which is refused. */
  | { readonly kind: 'repeat'; readonly which: number; readonly otherwise: boolean }
  /** A call that must be refused. */
  | { readonly kind: 'bad'; readonly tool: string; readonly args: Readonly<Record<string, unknown>>; readonly names: string };

export type Happening =
  | { readonly kind: 'restart' }
  | { readonly kind: 'kill' }
  | { readonly kind: 'kill during'; readonly step: Write; readonly after_ms: number }
  /** A read-only server tells the same and writes nothing. */
  | { readonly kind: 'read only' };

export type Action = Write | Read | Happening;

/** `server`: which of the processes is asked. */
export interface Step {
  readonly server: number;
  readonly action: Action;
}

const WRITES: readonly string[] = [
  'register',
  'recommend',
  'select',
  'record',
  'feedback',
  'episode',
  'train',
  'reset',
] satisfies Write['kind'][];

export function isWrite(step: Action): step is Write {
  return WRITES.includes(step.kind);
}
