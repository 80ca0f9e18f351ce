import { popularity, type Run, type Score, scoreOf, toolwise } from './baseline.ts';

import type { Watched } from './second-act.ts';

export interface Verdict {
  readonly passed: boolean;
  /** One sentence for a person, with the numbers behind it. */
  readonly sentence: string;
}

/** Passes only when toolwise's last quarter beats both its own first quarter and popularity, at hit@1 and at mean rank. */
export function verdictOf(run: Run): Verdict {
  const [first, last, popular] = [scoreOf(toolwise, run, 1), scoreOf(toolwise, run, 4), scoreOf(popularity, run, 4)];
  const passed = beats(last, first) && beats(last, popular);
  const numbers = `${words(last)} in the last quarter, against ${words(first)} in the first and ${words(popular)} by popularity`;
  return { passed, sentence: passed ? `toolwise learned: ${numbers}.` : `toolwise did not learn enough: ${numbers}.` };
}

/** Passes when every call was recorded as it went, and the ranking of the second half beats that of the first. */
export function watchedVerdict({ calls, recorded, recorded_successes }: Watched, run: Run): Verdict {
  const successes = calls.filter((call) => call.success).length;
  const [first, second] = [scoreOf(toolwise, run, 1), scoreOf(toolwise, run, 2)];
  const is_whole = recorded === calls.length && recorded_successes === successes;
  const told = `${recorded} of ${calls.length} calls recorded, ${recorded_successes} of ${successes} successes; ${words(second)} in the second half, against ${words(first)} in the first`;
  const passed = is_whole && beats(second, first);
  return { passed, sentence: `${passed ? 'toolwise learned without being called' : 'toolwise did not learn enough'}: ${told}.` };
}

function beats(one: Score, other: Score): boolean {
  return one.hit_at_1 > other.hit_at_1 && one.mean_rank < other.mean_rank;
}

function words(score: Score): string {
  return `${Math.round(score.hit_at_1 * 100)} % right at first (mean rank ${score.mean_rank.toFixed(1)})`;
}
