import type { Call } from './agent.ts';

/** A whole run: every call in order, and the tools in the fixed shuffled order in which they were offered. */
export interface Run {
  readonly calls: readonly Call[];
  readonly available_tools: readonly string[];
}

/** All tools, best first, for the moment before `run.calls[at]`, from what was known then. */
export type Ranker = (run: Run, at: number) => readonly string[];

/** Shares are in [0, 1]; rank 1 is best. */
export interface Score {
  readonly decisions: number;
  readonly hit_at_1: number;
  readonly hit_at_3: number;
  readonly mean_rank: number;
}

/** What recommend_tools answered. */
export const toolwise: Ranker = ({ calls }, at) => calls[at]?.ranking ?? [];

/** Most successful calls so far first; ties keep the order of the list. */
export const popularity: Ranker = ({ calls, available_tools }, at) => {
  const counts = new Map<string, number>();
  for (const { called, success } of calls.slice(0, at)) if (success) counts.set(called, (counts.get(called) ?? 0) + 1);
  return [...available_tools].sort((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0));
};

/** The tool that the task has just used, then by popularity. */
export const repetition: Ranker = (run, at) => {
  const [previous, call] = [run.calls[at - 1], run.calls[at]];
  const popular = popularity(run, at);
  if (previous === undefined || previous.task !== call?.task) return popular;
  return [previous.called, ...popular.filter((tool) => tool !== previous.called)];
};

/** The order of the list, which is what an agent without any advice has. */
export const listOrder: Ranker = ({ available_tools }) => available_tools;

/** How well a ranker placed the right tools of the counted calls in one quarter of the run. */
export function scoreOf(ranker: Ranker, run: Run, quarter: number): Score {
  const counted = run.calls.flatMap((call, at) => (call.scored && call.task.quarter === quarter ? [{ call, at }] : []));
  return scoreOfPlaces(counted.map(({ call, at }) => placeOf(call.right, ranker(run, at))));
}

/** What drawing lots among `tools` tools scores on average. */
export function chance(decisions: number, tools: number): Score {
  return { decisions, hit_at_1: 1 / tools, hit_at_3: Math.min(1, 3 / tools), mean_rank: (tools + 1) / 2 };
}

/** The rank of a tool, 1 is best; one past the end when it is not in the ranking. */
export function placeOf(tool: string, ranking: readonly string[]): number {
  const at = ranking.indexOf(tool);
  return at < 0 ? ranking.length + 1 : at + 1;
}

function scoreOfPlaces(places: readonly number[]): Score {
  const decisions = places.length;
  const within = (limit: number) => places.filter((place) => place <= limit).length / decisions;
  const mean_rank = places.reduce((sum, place) => sum + place, 0) / decisions;
  return { decisions, hit_at_1: within(1), hit_at_3: within(3), mean_rank };
}
