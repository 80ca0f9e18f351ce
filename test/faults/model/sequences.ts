/** Sequences by the documented formulas (docs/algorithms.md, "Sequences"). */

const LONGEST = 3;
const LEAST_EPISODES = 2;
const [LEAST_CREDIT, GREATEST_CREDIT] = [-14, 16];
/** Episodes of one session that count fully for one run of tools in a day, and occurrences in one episode. */
const FULL_UPDATES = 3;
/** What few sessions count beside many: min(1, 3·s / min(S, 10)). */
const TRUST = { fewer: 3, many: 10 };

interface Run {
  occurrences: number;
  /** The same, but at most three an episode: what the means rest on. */
  weight: number;
  episodes: number;
  rewards: number;
  successes: number;
  readonly episodesOf: Map<string, number>;
  /** Sessions behind it, each with a good or a bad outcome. */
  readonly sessions: Set<string>;
  isWeakened: boolean;
}

export interface ForetoldNext {
  readonly tool_name: string;
  readonly sequence_score: number;
  readonly probability: number;
  readonly support: number;
  readonly success_rate: number;
  readonly avg_reward: number;
}

export class Sequences {
  /** By prefix, then by the tool that followed. */
  readonly #runs = new Map<string, Map<string, Run>>();

  /** How many different runs of 2 to 3 tools a sequence holds. */
  static countOf(tools: readonly string[]): number {
    return occurrencesOf(tools).size;
  }

  /** @param credit reward that each occurrence is credited @param success 1, 0.5 or 0 */
  feed(session: string, tools: readonly string[], credit: number, success: number): void {
    const bounded = Math.min(GREATEST_CREDIT, Math.max(LEAST_CREDIT, credit));
    for (const [key, count] of occurrencesOf(tools)) {
      const [prefix, next] = JSON.parse(key) as [string[], string];
      const run = this.#run(JSON.stringify(prefix), next);
      const times = (run.episodesOf.get(session) ?? 0) + 1;
      run.episodesOf.set(session, times);
      if (times > FULL_UPDATES) run.isWeakened = true;
      run.sessions.add(`${session} ${success > 0}`);
      const weight = Math.min(count, FULL_UPDATES);
      run.occurrences += count;
      run.weight += weight;
      run.episodes += 1;
      run.rewards += weight * bounded;
      run.successes += weight * success;
    }
  }

  #run(prefix: string, next: string): Run {
    const nexts = this.#runs.get(prefix) ?? new Map<string, Run>();
    this.#runs.set(prefix, nexts);
    const run = nexts.get(next) ?? newRun();
    nexts.set(next, run);
    return run;
  }

  /** What follows these tools (oldest first), best first; null: some run was fed too often by one session to be foretold. */
  next(recent: readonly string[], available: readonly string[] | undefined): readonly ForetoldNext[] | null {
    const prefixes = [1, 2]
      .filter((length) => length <= Math.min(recent.length, LONGEST - 1))
      .map((length) => JSON.stringify(recent.slice(-length)));
    const rows = prefixes.map((prefix) => [...(this.#runs.get(prefix) ?? [])]);
    if (rows.flat().some(([, run]) => run.isWeakened)) return null;
    const names = available ?? [...new Set(rows.flat().map(([tool]) => tool))];
    const probabilities = probabilitiesOf(rows, names, available === undefined);
    return names.flatMap((tool) => best(tool, rows, probabilities.get(tool) ?? 0)).toSorted((a, b) => b.sequence_score - a.sequence_score);
  }
}

function newRun(): Run {
  const counts = { occurrences: 0, weight: 0, episodes: 0, rewards: 0, successes: 0 };
  return { ...counts, episodesOf: new Map(), sessions: new Set(), isWeakened: false };
}

type Rows = readonly (readonly (readonly [string, Run])[])[];

/** The better of the prefixes counts, when it was seen in two episodes and is worth something. */
function best(tool_name: string, rows: Rows, probability: number): readonly ForetoldNext[] {
  const found = rows.flatMap((row) => {
    const most = Math.max(0, ...row.map(([, run]) => run.sessions.size));
    const own = row.filter(([tool, run]) => tool === tool_name && run.episodes >= LEAST_EPISODES);
    return own.map(([, run]) => ({ tool_name, probability, support: run.episodes, ...scoreOf(run, most) }));
  });
  return found
    .filter(({ sequence_score }) => sequence_score > 0)
    .toSorted((a, b) => b.sequence_score - a.sequence_score)
    .slice(0, 1);
}

/** @param most sessions behind the best known of the prefix */
function scoreOf(run: Run, most: number) {
  const avg_reward = run.rewards / run.weight;
  const success_rate = run.successes / run.weight;
  const score = 0.4 * avg_reward + 4 * success_rate + 0.2 * Math.min(run.occurrences / 10, 1);
  const trust = Math.min(1, (TRUST.fewer * run.sessions.size) / Math.min(most, TRUST.many));
  return { avg_reward, success_rate, sequence_score: score * trust };
}

/** Witten & Bell over the prefixes, from the shortest: (c + T·P) / (N + T). Without a list one share stays with unknown tools. */
function probabilitiesOf(rows: Rows, names: readonly string[], isOpen: boolean): Map<string, number> {
  let now = new Map(names.map((name) => [name, 1 / (names.length + (isOpen ? 1 : 0))]));
  for (const row of rows) {
    const counts = new Map(row.filter(([tool]) => now.has(tool)).map(([tool, run]) => [tool, run.weight]));
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) continue;
    now = new Map([...now].map(([name, p]) => [name, ((counts.get(name) ?? 0) + counts.size * p) / (total + counts.size)]));
  }
  return now;
}

function occurrencesOf(tools: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (let length = 2; length <= LONGEST; length += 1) {
    for (let end = length; end <= tools.length; end += 1) {
      const key = JSON.stringify([tools.slice(end - length, end - 1), tools[end - 1]]);
      found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  return found;
}
