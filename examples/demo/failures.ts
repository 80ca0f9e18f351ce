import type { Call } from './agent.ts';
import { placeOf } from './baseline.ts';

/** A tool that failed for a phrasing, and its rank before the first failure and at the last time of asking. */
export interface Fall {
  readonly phrase: string;
  readonly tool: string;
  readonly failures: number;
  /** How often the agent, asked in the same words after the last failure, took the right tool at once. */
  readonly avoided: number;
  readonly rank_before: number;
  readonly rank_after: number;
  /** The tool that took the lead. */
  readonly leader: string;
}

/** The failed calls of a tool for one kind of task. */
export interface Failures {
  readonly intent: string;
  readonly tool: string;
  readonly count: number;
  /** The server's own words about the latest one. */
  readonly error: string;
}

/** The habits that truly failed, each phrasing that was asked again afterwards, the deepest fall first; ranks as recommend_tools answered. */
export function fallsOf(calls: readonly Call[]): readonly Fall[] {
  const failed = calls.filter((call) => !call.success && call.called !== call.right);
  const falls = grouped(failed, (call) => `${call.called} ${call.phrase}`).flatMap((ofPhrase) => fall(ofPhrase, calls));
  return falls.sort((one, other) => other.rank_after - other.rank_before - (one.rank_after - one.rank_before));
}

function fall(failed: readonly Call[], calls: readonly Call[]): Fall[] {
  const [first] = failed;
  const latest = failed.at(-1);
  if (first === undefined || latest === undefined) return [];
  const { phrase, called: tool } = first;
  const later = calls.slice(calls.indexOf(latest) + 1).filter((call) => call.scored && call.phrase === phrase);
  const last = later.at(-1);
  if (last === undefined) return [];
  const avoided = later.filter((call) => call.called === call.right).length;
  const ranks = { rank_before: placeOf(tool, first.ranking), rank_after: placeOf(tool, last.ranking) };
  return [{ phrase, tool, failures: failed.length, avoided, ...ranks, leader: last.ranking[0] ?? '' }];
}

/** What failed, by kind of task, the most frequent first. */
export function failuresOf(calls: readonly Call[]): readonly Failures[] {
  const failed = calls.filter((call) => !call.success);
  const kinds = grouped(failed, (call) => `${call.task.intent} ${call.called}`).flatMap((ofKind) => {
    const latest = ofKind.at(-1);
    return latest === undefined
      ? []
      : [{ intent: latest.task.intent, tool: latest.called, count: ofKind.length, error: latest.error ?? '' }];
  });
  return kinds.sort((one, other) => other.count - one.count);
}

/** Calls that went otherwise than the table of tasks says: the comparison would rest on sand. */
export function surprises(calls: readonly Call[]): readonly Call[] {
  return calls.filter((call) => call.success !== call.expected_success);
}

function grouped(calls: readonly Call[], key: (call: Call) => string): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) groups.set(key(call), [...(groups.get(key(call)) ?? []), call]);
  return [...groups.values()];
}
