import type { Tool } from './catalogue.ts';
import type { Query } from './query.ts';

/** One call of a session, as later choices look back at it. */
export interface Step {
  readonly tool: Tool;
  readonly success: boolean;
  /** Which of the session's requests it served: counts up. */
  readonly turn: number;
  /** What was asked for, as in {@link Query}; 0: not known. */
  readonly request: number;
  /** It was learned from: its session had not taught the same too often. */
  readonly taught: boolean;
}

/** Where in the work a choice stands; the fusion weighs the signals apart in each. */
export const SITUATIONS = ['first call', 'after a failure', 'new query', 'same query'] as const;

/** What the session has done with one tool so far. */
export interface Usage {
  calls: number;
  failures: number;
  /** Failures since the tool last succeeded. */
  failures_in_a_row: number;
  /** Calls for the current query. */
  calls_this_turn: number;
}

/** A choice as every signal sees it, whether it is ranked now or learned from later. */
export interface Moment {
  readonly session: number;
  readonly query: Query;
  /** The session's requests before this one, newest first. */
  readonly earlier: readonly Query[];
  readonly candidates: readonly Tool[];
  /** Oldest first. */
  readonly history: readonly Step[];
  readonly turn: number;
  /** Index into SITUATIONS. */
  readonly situation: number;
  readonly usage: ReadonlyMap<Tool['hash'], Usage>;
}

export function momentOf(known: Omit<Moment, 'situation' | 'usage'>): Moment {
  return { ...known, situation: situationOf(known), usage: usageOf(known) };
}

function situationOf({ history, turn }: Pick<Moment, 'history' | 'turn'>): number {
  const last = history.at(-1);
  if (last === undefined) return 0;
  if (!last.success) return 1;
  return last.turn === turn ? 3 : 2;
}

function usageOf({ history, turn }: Pick<Moment, 'history' | 'turn'>): Map<Tool['hash'], Usage> {
  const usage = new Map<Tool['hash'], Usage>();
  for (const step of history) {
    const of = usage.get(step.tool.hash) ?? { calls: 0, failures: 0, failures_in_a_row: 0, calls_this_turn: 0 };
    of.calls++;
    if (!step.success) of.failures++;
    of.failures_in_a_row = step.success ? 0 : of.failures_in_a_row + 1;
    if (step.turn === turn) of.calls_this_turn++;
    usage.set(step.tool.hash, of);
  }
  return usage;
}
