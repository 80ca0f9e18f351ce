import type { Moment, Step } from '../learner/moment.ts';
import type { TermCounts } from '../term-index.ts';

/** In the place of a tool that does not vote. */
export const NOBODY = 0;
/** Longest run of earlier tools that is compared. */
export const LONGEST_RUN = 3;

/** A request of the past: its session, the tools called before it and those called for it, each with its place in the log. */
export interface Turn {
  readonly session: number;
  readonly turn: number;
  readonly terms: TermCounts;
  readonly before: readonly number[];
  /** Hashes of names, oldest first; NOBODY: a call that was rated badly. */
  readonly tools: number[];
  readonly seqs: number[];
  /** What its votes count, in [0, 1]. */
  worth: number;
}

/** Shares of the votes for one tool, each in [0, 1]. */
export interface Votes {
  readonly same_tool: number;
  readonly same_run: number;
  readonly not_called: number;
}

export const NO_VOTES: Votes = Object.freeze({ same_tool: 0, same_run: 0, not_called: 0 });

/** What one past request says of each of its tools, each in [0, 1]. */
export function ballot({ before, tools }: Turn, { history, usage }: Moment): ReadonlyMap<number, Votes> {
  const cast = new Map<number, Votes>();
  const sequence = [...before, ...tools];
  for (let at = before.length; at < sequence.length; at++) {
    const tool = sequence[at] ?? 0;
    if (tool === NOBODY) continue;
    const run = commonRun(sequence, at, history);
    const { same_tool, same_run } = cast.get(tool) ?? NO_VOTES;
    cast.set(tool, {
      same_tool: Math.max(same_tool, Math.min(run, 1)),
      same_run: Math.max(same_run, (run / LONGEST_RUN) ** 2),
      not_called: (usage.get(tool)?.calls_this_turn ?? 0) === 0 ? 1 : 0,
    });
  }
  return cast;
}

/** How many tools before `at` equal the latest of the history, up to LONGEST_RUN; where both sessions start, that counts as one. */
function commonRun(sequence: readonly number[], at: number, history: readonly Step[]): number {
  for (let back = 1; back <= LONGEST_RUN; back++) {
    const here = history[history.length - back]?.tool.hash;
    const there = sequence[at - back];
    if (here === undefined && there === undefined) return back;
    if (here !== there) return back - 1;
  }
  return LONGEST_RUN;
}
