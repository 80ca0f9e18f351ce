import type { Hyperparameters } from '../hyperparameters.ts';

/** What is known of one tool in one context. */
export interface Cell {
  /** Exact level: Q(s,a), a discounted return. Coarser levels: mean reward. */
  readonly q_value: number;
  /** Recency-weighted share of successes, in [0, 1]. */
  readonly success_rate: number;
  /** Executions of the tool in the context, count; each by its weight where sessions repeat themselves. */
  readonly visit_count: number;
}

/** What is known of one candidate: its totals, by weight as in {@link Cell}, and its cell in each context of the decision (null: never called there). */
export interface ToolEvidence {
  readonly tool_name: string;
  readonly total_calls: number;
  readonly success_count: number;
  readonly rated_calls: number;
  /** Stars. */
  readonly rating_sum: number;
  readonly timed_calls: number;
  /** Milliseconds. */
  readonly total_time_ms: number;
  readonly exact: Cell | null;
  readonly step: Cell | null;
  readonly request: Cell | null;
  readonly previous: Cell | null;
}

/** A decision: the candidates, in the caller's order. */
export interface Situation {
  readonly tools: readonly ToolEvidence[];
}

export interface ScorePart {
  readonly name: string;
  readonly value: number;
}

export interface Ranked {
  readonly tool_name: string;
  /** Ranks the candidates of one situation; not comparable with other situations. */
  readonly score: number;
  /** Probability in [0, 1] that the tool is called here and succeeds (`learned`), or that a call of it succeeds. */
  readonly confidence: number;
  /** A short phrase of fixed words and numbers. */
  readonly reason: string;
  /** What a policy weighs: the score (`learned`), the expected reward (`backoff`) or the Q-value (`reference`). */
  readonly value: number;
  /** What the score is made of; the values sum to it. */
  readonly parts: readonly ScorePart[];
}

/** Orders the candidates, best first. Ties keep the caller's order; a name given twice stays twice. */
export type Ranker = (situation: Situation, h: Hyperparameters) => Ranked[];
