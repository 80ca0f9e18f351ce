import { popularity, type Run, type Score, scoreOf, toolwise } from './baseline.ts';

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

function beats(one: Score, other: Score): boolean {
  return one.hit_at_1 > other.hit_at_1 && one.mean_rank < other.mean_rank;
}

function words(score: Score): string {
  return `${Math.round(score.hit_at_1 * 100)} % right at first (mean rank ${score.mean_rank.toFixed(1)})`;
}
