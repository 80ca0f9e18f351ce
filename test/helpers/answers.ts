/** The answers of the tools, as docs/contract.md promises them (`structuredContent`). */
export interface Answers {
  readonly register_tools: { readonly registered: number; readonly updated: number; readonly total: number };
  readonly recommend_tools: {
    readonly recommendation_id: string;
    readonly context_hash: string;
    readonly recommendations: readonly Recommendation[];
  };
  readonly select_tool: Selection;
  readonly record_execution: ExecutionRecord;
  readonly submit_feedback: {
    readonly execution_id: string;
    readonly rating: number;
    readonly reward_before: number;
    readonly reward_after: number;
    readonly q_value_before: number;
    readonly q_value_after: number;
  };
  readonly log_episode: {
    readonly episode_id: string;
    readonly duplicate: boolean;
    readonly tool_sequence: readonly string[];
    readonly episode_reward: number;
    readonly outcome: string;
    readonly ngrams_updated: number;
  };
  readonly next_tool_by_sequence: { readonly recommendations: readonly NextTool[] };
  readonly suggest_parameters: {
    readonly suggested_params: Readonly<Record<string, unknown>>;
    readonly confidence: number;
    readonly reason: string;
    readonly sample_size: number;
    readonly parameters: readonly { readonly name: string; readonly value: unknown; readonly support: number; readonly share: number }[];
  };
  readonly get_tool_metrics: { readonly tools: readonly ToolMetrics[]; readonly next_cursor: string | null };
  readonly get_policy: { readonly policies: readonly PolicyRow[]; readonly next_cursor: string | null };
  readonly get_history: { readonly items: readonly Readonly<Record<string, unknown>>[]; readonly next_cursor: string | null };
  readonly get_learning_stats: {
    readonly update_count: number;
    readonly replay: unknown;
    readonly exploration: unknown;
    readonly metrics: Readonly<Record<string, unknown>>;
    readonly recommendations: Readonly<Record<string, number | null>>;
  };
  readonly train: { readonly batches: number; readonly transitions: number; readonly avg_td_error: number | null };
  readonly reset_exploration: { readonly exploration_rate: number };
  readonly forget: {
    readonly session_id: string;
    readonly executions: number;
    readonly episodes: number;
    readonly feedback: number;
    readonly recommendations: number;
    readonly requests: number;
  };
}

export interface Recommendation {
  readonly rank: number;
  readonly tool_name: string;
  readonly score: number;
  readonly confidence: number;
  readonly reason: string;
  readonly q_value: number | null;
  readonly support: number;
  readonly parts?: Readonly<Record<string, number>>;
}

export interface Selection {
  readonly recommendation_id: string;
  readonly tool_name: string;
  readonly was_exploration: boolean;
  readonly propensity: number;
  readonly exploration_rate: number;
  readonly policy: string;
}

export interface ExecutionRecord {
  readonly execution_id: string;
  readonly duplicate: boolean;
  readonly reward: number;
  readonly reward_components: Readonly<Record<string, number>>;
  readonly td_error: number;
  readonly q_value: number;
  readonly visit_count: number;
  readonly context_hash: string;
  readonly next_context_hash: string | null;
  readonly recommendation: { readonly recommendation_id: string; readonly rank: number | null; readonly followed: boolean } | null;
}

export interface NextTool {
  readonly rank: number;
  readonly tool_name: string;
  readonly sequence_score: number;
  readonly probability: number;
  readonly support: number;
}

export interface ToolMetrics {
  readonly tool_name: string;
  readonly total_calls: number;
  readonly success_count: number;
  readonly failure_count: number;
  readonly success_rate: number | null;
  readonly avg_execution_time_ms: number | null;
  readonly avg_user_rating: number | null;
}

export interface PolicyRow {
  readonly tool_name: string;
  readonly context_hash: string;
  readonly q_value: number;
  readonly visit_count: number;
  readonly confidence: number;
  readonly last_updated: string;
}

/** Every field that docs/contract.md promises, by tool. Fields may be added. */
export const ANSWER_FIELDS: { readonly [Name in keyof Answers]: readonly string[] } = {
  register_tools: ['registered', 'updated', 'total'],
  recommend_tools: ['recommendation_id', 'context_hash', 'recommendations'],
  select_tool: ['recommendation_id', 'tool_name', 'was_exploration', 'propensity', 'exploration_rate', 'policy'],
  record_execution: [
    'execution_id',
    'duplicate',
    'reward',
    'reward_components',
    'td_error',
    'q_value',
    'visit_count',
    'context_hash',
    'next_context_hash',
    'recommendation',
  ],
  submit_feedback: ['execution_id', 'rating', 'reward_before', 'reward_after', 'q_value_before', 'q_value_after'],
  log_episode: ['episode_id', 'duplicate', 'tool_sequence', 'episode_reward', 'outcome', 'ngrams_updated'],
  next_tool_by_sequence: ['recommendations'],
  suggest_parameters: ['suggested_params', 'confidence', 'reason', 'sample_size', 'parameters'],
  get_tool_metrics: ['tools'],
  get_policy: ['policies'],
  get_history: ['items'],
  get_learning_stats: ['update_count', 'replay', 'exploration', 'metrics', 'recommendations'],
  train: ['batches', 'transitions', 'avg_td_error'],
  reset_exploration: ['exploration_rate'],
  forget: ['session_id', 'executions', 'episodes', 'feedback', 'recommendations', 'requests'],
};
