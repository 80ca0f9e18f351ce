import type { Decision, LogEvent } from '../learner/log-event.ts';

/** A way to rank tools that is judged on a log. What it knows is a function of the events it was shown. */
export interface Contender {
  readonly name: string;
  /** All candidates, best first; ties keep the caller's order. Changes nothing. */
  rank(decision: Decision): readonly string[];
  /** Takes in the next event of the log. */
  observe(event: LogEvent): void;
}

/** The candidates by falling score; ties keep their order. @param score never NaN */
export function bestFirst(candidates: readonly string[], score: (tool: string) => number): string[] {
  const scored = candidates.map((tool) => ({ tool, score: score(tool) }));
  return scored.sort((a, b) => b.score - a.score).map(({ tool }) => tool);
}
