import type Database from 'better-sqlite3';

export interface EpisodeRow {
  readonly session_id: number;
  /** JSON array of tool_id. */
  readonly tool_ids: string;
}

interface Counts {
  readonly occurrence_count: number;
  readonly episode_count: number;
}

interface NgramRow extends Counts {
  readonly previous_1: number;
  readonly previous_2: number;
  readonly previous_3: number;
  readonly previous_4: number;
  readonly next_tool_id: number;
}

const LONGEST = 3;
/** From the fourth time on, an episode of the same session and day need not count a run again. */
const COUNTED_FULLY = 3;

/** Runs of tools whose counts are not those of the episodes: below what must count, or above what happened. */
export function ngramFaults(db: Database.Database, episodes: readonly EpisodeRow[]): readonly string[] {
  const [least, most] = [counted(episodes, COUNTED_FULLY), counted(episodes, Number.POSITIVE_INFINITY)];
  const stored = new Map(
    db
      .prepare<[], NgramRow>('SELECT * FROM ngrams')
      .all()
      .map((row) => [keyOf(row), row]),
  );
  return [...new Set([...stored.keys(), ...most.keys()])].flatMap((key) => {
    const found = stored.get(key) ?? { occurrence_count: 0, episode_count: 0 };
    const fits = isWithin(found, least.get(key), most.get(key));
    return fits ? [] : [`the run ${key} counts ${found.occurrence_count} occurrences in ${found.episode_count} episodes`];
  });
}

function isWithin(found: Counts, least: Counts | undefined, most: Counts | undefined): boolean {
  const parts = ['occurrence_count', 'episode_count'] as const;
  return parts.every((part) => found[part] >= (least?.[part] ?? 0) && found[part] <= (most?.[part] ?? 0));
}

/** @param at_most episodes of one session that count a run */
function counted(episodes: readonly EpisodeRow[], at_most: number): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  const bySession = new Map<string, number>();
  for (const { session_id, tool_ids } of episodes) {
    for (const [key, occurrences] of runsOf(JSON.parse(tool_ids) as number[])) {
      const times = (bySession.get(`${session_id} ${key}`) ?? 0) + 1;
      bySession.set(`${session_id} ${key}`, times);
      if (times > at_most) continue;
      const before = counts.get(key) ?? { occurrence_count: 0, episode_count: 0 };
      counts.set(key, { occurrence_count: before.occurrence_count + occurrences, episode_count: before.episode_count + 1 });
    }
  }
  return counts;
}

/** The runs of 2 to 3 adjacent tools, each with how often it occurs. */
function runsOf(tools: readonly number[]): Map<string, number> {
  const runs = new Map<string, number>();
  for (let length = 2; length <= LONGEST; length += 1) {
    for (let end = length; end <= tools.length; end += 1) {
      const key = tools.slice(end - length, end).join(' ');
      runs.set(key, (runs.get(key) ?? 0) + 1);
    }
  }
  return runs;
}

function keyOf(row: NgramRow): string {
  const prefix = [row.previous_4, row.previous_3, row.previous_2, row.previous_1].filter((tool) => tool !== 0);
  return [...prefix, row.next_tool_id].join(' ');
}
