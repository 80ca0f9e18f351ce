import type { Outcome } from '../core/types.ts';
import type { StopEvent } from './events.ts';

/** A call of a turn, as far as it says how the turn went. */
export interface TurnCall {
  readonly execution_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly was_denied: boolean;
  /** The call before it was of the same tool, and had failed or had the same arguments. */
  readonly is_retry: boolean;
  readonly group_id: string | null;
}

/** How a turn came to its end: as its agent or user said; `left`: nobody said anything, the next prompt came or the conversation was over. */
export type TurnEnd = StopEvent['status'] | 'left';

/** How a turn probably went, and how sure that is, in [0, 1]: 1 is what somebody said, 0 would be no idea. */
export interface TurnOutcome {
  readonly outcome: Outcome;
  readonly confidence: number;
}

/**
 * Tells from behaviour how a turn went: the first rule that holds. The confidences are judgements, not measurements (docs/algorithms.md); they
 * say how much weight a guess gets beside what an agent or a user says.
 */
export function turnOutcome({ calls, end }: { readonly calls: readonly TurnCall[]; readonly end: TurnEnd }): TurnOutcome {
  const last = calls.at(-1);
  if (end === 'error') return { outcome: 'failure', confidence: 0.8 };
  if (end === 'aborted') return { outcome: 'failure', confidence: 0.7 };
  if (last?.was_denied === true) return { outcome: 'failure', confidence: 0.7 };
  if (last?.success === false) return { outcome: 'failure', confidence: 0.6 };
  if (calls.some((call) => call.was_denied || call.is_retry)) return { outcome: 'partial', confidence: 0.6 };
  return { outcome: 'success', confidence: end === 'completed' ? 0.8 : 0.6 };
}

/** What ratings of a turn's calls say of it: they win over behaviour. @param ratings stars, 1–5; @returns null: there are none */
export function ratedOutcome(ratings: readonly number[]): TurnOutcome | null {
  if (ratings.length === 0) return null;
  const mean = ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
  if (mean >= 4) return { outcome: 'success', confidence: 0.9 };
  return { outcome: mean <= 2 ? 'failure' : 'partial', confidence: 0.9 };
}
