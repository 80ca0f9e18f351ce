import type { Tool } from '../learner/catalogue.ts';
import type { Moment, Step } from '../learner/moment.ts';
import type { Uniform } from '../types.ts';

/** One number a candidate that the fusion weighs. */
export interface Column {
  readonly name: string;
  /** Weight before anything is learned. */
  readonly weight: number;
  /**
   * The learned weight stays at or above it: evidence for a tool never counts against it, however few the examples (Breiman 1996, Stacked
   * Regressions), and what reacts to reward is not unlearned from agents that ignore reward.
   */
  readonly least?: number;
}

/** A choice that was made, and how it went. */
export interface Example {
  /** The execution's place in the log. */
  readonly seq: number;
  readonly moment: Moment;
  /** Index of the tool called among the candidates. */
  readonly chosen: number;
  /** The candidates were told with the call; else they are the tools known by then. */
  readonly told: boolean;
  readonly success: boolean;
  /** It succeeded and was not rated badly: evidence for the tool; otherwise evidence against it. */
  readonly good: boolean;
  readonly reward: number;
  readonly rating: number | null;
  readonly uniform: Uniform;
}

/** The end of a session's episode. */
export interface Conclusion {
  readonly session: number;
  /** What its evidence counts now, in [0, 1]: see `episodeWorth`. */
  readonly worth: number;
  /** Oldest first. */
  readonly steps: readonly Step[];
}

/** The late rating of an execution: what was known of it, and what changed. */
export interface Correction {
  readonly seq: number;
  readonly tool: Tool['hash'];
  /** Of the previous tool; 0: none. */
  readonly previous: Tool['hash'];
  readonly request: number;
  readonly rating_before: number | null;
  readonly rating: number;
  readonly reward_before: number;
  readonly reward: number;
  /** Before and now: it succeeded and was not rated badly. */
  readonly was_good: boolean;
  readonly good: boolean;
}

/** What a signal knows of candidates that is worth finding out, in their order. */
export interface Exploration {
  /** Its own score of each, in logits. */
  readonly logits: ArrayLike<number>;
  /** Successes of the tool so far, count. */
  readonly successes: readonly number[];
  /** ln of the probability that similar requests have not ruled the tool out, ≤ 0. */
  readonly not_ruled_out: ArrayLike<number>;
}

/**
 * One source of knowledge about the candidates. It learns from an example after that was ranked, never before, and its state is a function
 * of the events it was shown.
 */
export interface Signal {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Writes its columns for candidate a from rows[a·stride + first] on; rows start as 0. */
  score(moment: Moment, rows: Float64Array, first: number, stride: number): void;
  learn?(example: Example): void;
  register?(tool: Tool): void;
  conclude?(conclusion: Conclusion): void;
  correct?(correction: Correction): void;
  /** What exploration weighs; one signal at most offers it. */
  explore?(moment: Moment): Exploration;
  /** Why the candidate stands where it does: a short phrase of fixed words and numbers; null: nothing to say. */
  explain?(moment: Moment, candidate: number): string | null;
  /** Its state as JSON values and typed arrays, which {@link load} takes back. */
  save?(): unknown;
  load?(saved: unknown): void;
}
