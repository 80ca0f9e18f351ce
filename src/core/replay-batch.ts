import { greatestNextValue, tdError, tdTarget } from './q-learning.ts';

/** A remembered transition as a replay batch sees it. */
export interface ReplayTransition {
  readonly context_id: number;
  readonly tool_id: number;
  readonly reward: number;
  /** null: the call was terminal, there is no future. */
  readonly next_context_id: number | null;
  /** The tools that were available then; null: every tool known. */
  readonly next_tool_ids: readonly number[] | null;
  /** Importance weight in (0, 1]. */
  readonly weight: number;
}

/** Q(s,a) by context, then tool. A pair without a row counts as 0. */
export type ValueTable = Map<number, Map<number, number>>;

export interface BatchResult {
  /** What is to be added to each value. */
  readonly shifts: readonly { readonly context_id: number; readonly tool_id: number; readonly shift: number }[];
  /** TD error of each transition, in order. */
  readonly td_errors: readonly number[];
  /** Mean absolute TD error. */
  readonly avg_td_error: number;
}

/**
 * One replay batch: Q(s,a) ← Q(s,a) + alpha · w · delta for each transition in turn, later ones seeing what earlier ones learned.
 * A terminal transition never bootstraps, and each bootstraps over the tools that were available to itself.
 * Source: Schaul et al. 2016, Prioritized Experience Replay, algorithm 1.
 * @param values is changed in place
 * @param tool_count number of tools known, for transitions without a list of their own
 */
export function replayBatch(
  transitions: readonly ReplayTransition[],
  values: ValueTable,
  settings: { readonly learning_rate: number; readonly discount_factor: number; readonly tool_count: number },
): BatchResult {
  const results = transitions.map((transition) => {
    const { context_id, tool_id, reward } = transition;
    const next_value = nextValue(transition, values, settings.tool_count);
    const q = values.get(context_id)?.get(tool_id) ?? 0;
    const td_error = tdError(tdTarget({ reward, next_value, discount_factor: settings.discount_factor }), q);
    const shift = settings.learning_rate * transition.weight * td_error;
    setValue(values, context_id, tool_id, q + shift);
    return { context_id, tool_id, shift, td_error };
  });
  const td_errors = results.map((result) => result.td_error);
  const total = td_errors.reduce((sum, error) => sum + Math.abs(error), 0);
  return { shifts: results, td_errors, avg_td_error: total / Math.max(1, td_errors.length) };
}

function nextValue(transition: ReplayTransition, values: ValueTable, tool_count: number): number {
  if (transition.next_context_id === null) return 0;
  return greatestValue(values.get(transition.next_context_id), transition.next_tool_ids, tool_count);
}

/** The greatest value of a state over the tools named (null: all `tool_count` known ones), where a tool without a row counts as 0. */
export function greatestValue(
  state: ReadonlyMap<number, number> | undefined,
  tool_ids: readonly number[] | null,
  tool_count: number,
): number {
  const known = state ?? new Map<number, number>();
  if (tool_ids === null) return greatestNextValue([...known.values()], known.size < tool_count);
  const values = tool_ids.flatMap((tool_id) => known.get(tool_id) ?? []);
  return greatestNextValue(values, values.length < tool_ids.length);
}

function setValue(values: ValueTable, context_id: number, tool_id: number, value: number): void {
  const state = values.get(context_id) ?? new Map<number, number>();
  values.set(context_id, state.set(tool_id, value));
}
