import { trust } from './repeats.ts';
import { roundHalfEven } from './statistics.ts';
import type { Outcome } from './types.ts';

/** A run of adjacent tools: what came before, oldest first, and what followed. A tuple, so that no name can collide with another. */
export interface Ngram<Tool = string> {
  readonly prefix: readonly Tool[];
  readonly next: Tool;
  /** How often the run occurs in the episode. */
  readonly occurrences: number;
}

/**
 * Every run of 2 to `longest` adjacent tools: all of length 2 from left to right, then of length 3, and so on; equal runs once, where they
 * first occur, with their count. Shorter than 2: none.
 */
export function ngramsOf<Tool extends string | number>(tools: readonly Tool[], longest: number): readonly Ngram<Tool>[] {
  const found = new Map<string, Ngram<Tool>>();
  for (let length = 2; length <= Math.min(longest, tools.length); length++) {
    for (let start = 0; start + length <= tools.length; start++) countRun(found, tools.slice(start, start + length));
  }
  return [...found.values()];
}

function countRun<Tool extends string | number>(found: Map<string, Ngram<Tool>>, run: readonly Tool[]): void {
  const [next] = run.slice(-1);
  if (next === undefined) return;
  const key = JSON.stringify(run);
  found.set(key, { prefix: run.slice(0, -1), next, occurrences: (found.get(key)?.occurrences ?? 0) + 1 });
}

/** What is known of one run. */
export interface NgramCell {
  readonly occurrence_count: number;
  /** Episodes it occurred in, count. */
  readonly episode_count: number;
  /** Mean reward credited, over occurrences. */
  readonly avg_reward: number;
  /** Mean success over occurrences, in [0, 1]. */
  readonly success_rate: number;
  /** What its probability rests on: of an episode, three occurrences at most; absent: all occurrences. */
  readonly weight?: number;
  /** Sessions whose episodes held it, each day anew, count; absent: not known. */
  readonly session_count?: number;
}

/**
 * The cell after one more episode: mean ← (n·mean + k·x) / (n + k), n the occurrences so far, k those of the episode.
 * @param cell null: never seen
 * @param episode credit: reward for each occurrence; success in [0, 1], see {@link outcomeSuccess}
 */
export function updatedCell(
  cell: NgramCell | null,
  episode: { readonly occurrences: number; readonly credit: number; readonly success: number },
): NgramCell {
  const before = cell?.occurrence_count ?? 0;
  const occurrence_count = before + episode.occurrences;
  const mean = (old: number, sample: number) => (before * old + episode.occurrences * sample) / occurrence_count;
  return {
    occurrence_count,
    episode_count: (cell?.episode_count ?? 0) + 1,
    avg_reward: mean(cell?.avg_reward ?? 0, episode.credit),
    success_rate: mean(cell?.success_rate ?? 0, episode.success),
  };
}

/** How much of a success an outcome is, in [0, 1]. @param partial_credit what `partial` counts; the reference's is 0 */
export function outcomeSuccess(outcome: Outcome, partial_credit: number): number {
  if (outcome === 'partial') return partial_credit;
  return outcome === 'success' ? 1 : 0;
}

/** The same of an outcome that is a guess: ½ where nothing is known. @param confidence in [0, 1] */
export function expectedSuccess(outcome: Outcome, confidence: number, partial_credit: number): number {
  return confidence * outcomeSuccess(outcome, partial_credit) + (1 - confidence) * 0.5;
}

/** 0.4·mean reward + 4·success rate + 0.2·min(occurrences/10, 1). Source: the reference implementation, recommend_next_tool. */
export function sequenceScore(cell: NgramCell): number {
  return 0.4 * cell.avg_reward + 4 * cell.success_rate + 0.2 * Math.min(cell.occurrence_count / 10, 1);
}

/** The rows of one prefix: all that ever followed the latest `prefix_length` tools. */
export interface PrefixRows {
  readonly prefix_length: number;
  readonly rows: readonly { readonly tool_name: string; readonly cell: NgramCell }[];
}

export interface NextTool {
  readonly tool_name: string;
  readonly sequence_score: number;
  /** Probability that it comes next, in [0, 1]; see {@link nextProbabilities}. */
  readonly probability: number;
  /** How often the run was seen: what the gate counts. */
  readonly support: number;
  /** In [0, 1]. */
  readonly success_rate: number;
  readonly avg_reward: number;
  readonly reason: string;
}

export interface NextToolSettings {
  /** A run seen in fewer episodes is no advice. */
  readonly min_episodes: number;
  /** What the gate counts: episodes, or (the reference) occurrences, where one episode that repeats itself passes. */
  readonly counted?: 'episodes' | 'occurrences';
  /** The tools called so far, oldest first: named in the reasons. */
  readonly recent_tools?: readonly string[];
}

/**
 * The tools that followed these prefixes, by falling score; ties keep the order of `available`. Each candidate is judged by its best run of
 * a positive score that passes the gate; of equal ones by the shorter. O(rows + candidates).
 * @param available null: every tool that ever followed one of the prefixes
 */
export function rankNext(prefixes: readonly PrefixRows[], available: readonly string[] | null, settings: NextToolSettings): NextTool[] {
  const ordered = prefixes.toSorted((a, b) => a.prefix_length - b.prefix_length);
  const candidates = available ?? [...new Set(ordered.flatMap((prefix) => prefix.rows.map((row) => row.tool_name)))];
  const best = bestRuns(ordered, settings);
  const probabilities = nextProbabilities(ordered, available);
  return candidates
    .flatMap((tool_name) => {
      const run = best.get(tool_name);
      return run === undefined ? [] : [nextTool(tool_name, run, probabilities.get(tool_name) ?? 0, settings)];
    })
    .sort((a, b) => b.sequence_score - a.sequence_score);
}

interface Run {
  readonly cell: NgramCell;
  readonly prefix_length: number;
  readonly score: number;
}

function bestRuns(shortest_first: readonly PrefixRows[], settings: NextToolSettings): Map<string, Run> {
  const best = new Map<string, Run>();
  for (const { prefix_length, rows } of shortest_first) {
    const most = rows.reduce((greatest, { cell }) => Math.max(greatest, cell.session_count ?? 0), 0);
    for (const { tool_name, cell } of rows) {
      const score = sequenceScore(cell) * trust(cell.session_count, most);
      if (supportOf(cell, settings) >= settings.min_episodes && score > (best.get(tool_name)?.score ?? 0)) {
        best.set(tool_name, { cell, prefix_length, score });
      }
    }
  }
  return best;
}

function supportOf(cell: NgramCell, settings: NextToolSettings): number {
  return settings.counted === 'occurrences' ? cell.occurrence_count : cell.episode_count;
}

function nextTool(tool_name: string, run: Run, probability: number, settings: NextToolSettings): NextTool {
  const { avg_reward, success_rate } = run.cell;
  const support = supportOf(run.cell, settings);
  const named = settings.recent_tools?.slice(-run.prefix_length).join('->');
  const follows = named ?? (run.prefix_length === 1 ? 'the latest tool' : `the latest ${run.prefix_length} tools`);
  const reason = `Follows ${follows} (${support}x, ${roundHalfEven(100 * success_rate, 0)}% success)`;
  return { tool_name, sequence_score: run.score, probability, support, success_rate, avg_reward, reason };
}

/**
 * Interpolated next-tool probabilities over the candidates: P_k(a) = (c_k(a) + T_k·P_{k−1}(a)) / (N_k + T_k), from the shortest prefix to
 * the longest, with c_k the occurrences of a after the prefix of length k (at most three an episode), N_k their sum and T_k the number of different followers; P_0 is
 * uniform. They sum to 1 over the candidates; without a list of candidates, one equal share of P_0 stays with tools never seen here.
 * Source: Witten & Bell 1991, The Zero-Frequency Problem, method C; Chen & Goodman 1998, section 2.4.
 */
export function nextProbabilities(prefixes: readonly PrefixRows[], available: readonly string[] | null): Map<string, number> {
  const names = new Set(available ?? prefixes.flatMap((prefix) => prefix.rows.map((row) => row.tool_name)));
  const places = names.size + (available === null ? 1 : 0);
  let probabilities = new Map([...names].map((name) => [name, 1 / places]));
  for (const { rows } of prefixes.toSorted((a, b) => a.prefix_length - b.prefix_length)) {
    const counts = new Map(
      rows.filter((row) => names.has(row.tool_name)).map((row) => [row.tool_name, row.cell.weight ?? row.cell.occurrence_count]),
    );
    probabilities = interpolated(probabilities, counts);
  }
  return probabilities;
}

function interpolated(shorter: ReadonlyMap<string, number>, counts: ReadonlyMap<string, number>): Map<string, number> {
  const types = counts.size;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return new Map(shorter);
  return new Map([...shorter].map(([name, probability]) => [name, ((counts.get(name) ?? 0) + types * probability) / (total + types)]));
}
