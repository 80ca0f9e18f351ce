import { describe, expect, test } from 'vitest';
import { type LoggedEpisode, NgramTable, REFERENCE_GATE } from './ngram-table.ts';
import { expectSame, hasQuirk, loadGolden } from './support.ts';

interface Query {
  readonly recent_tools: readonly string[];
  readonly available_tools: readonly string[] | null;
  readonly top_k: number;
  readonly result: readonly { readonly tool_name: string; readonly sequence_score: number; readonly reason: string }[];
}

interface Case {
  readonly id: string;
  readonly via: 'log_episode' | 'record_sequence';
  readonly tags: readonly string[];
  readonly episodes: readonly LoggedEpisode[];
  readonly table_after: readonly (readonly [key: string, count: number, avg_reward: number, success_rate: number])[];
  readonly queries: readonly Query[];
}

const { cases } = loadGolden<{ readonly cases: readonly Case[] }>('sequences');

function learned(episodes: readonly LoggedEpisode[], gate = REFERENCE_GATE): NgramTable {
  const table = new NgramTable(gate);
  for (const episode of episodes) table.log(episode);
  return table;
}

test('the file holds cases', () => {
  expect(cases.length).toBeGreaterThan(0);
});

const namesAreClean = cases.filter(({ tags }) => !hasQuirk(tags, 'separator-in-name'));

describe('sequences under the settings of the reference', () => {
  test.each(namesAreClean)('$id ($tags): the whole table', ({ episodes, table_after }) => {
    const rows = learned(episodes)
      .table()
      .map(([run, ...numbers]) => [run.join('->'), ...numbers]);
    expectSame(rows, table_after, 'table');
  });

  test.each(namesAreClean)('$id ($tags): the next tools', ({ episodes, queries }) => {
    const table = learned(episodes);
    for (const [at, query] of queries.filter(({ top_k }) => top_k >= 0).entries()) {
      expectSame(table.next(query.recent_tools, query.available_tools).slice(0, query.top_k), query.result, `query ${at}`);
    }
  });
});

const negative = cases.flatMap(({ id, episodes, queries }) =>
  queries.filter(({ top_k }) => top_k < 0).map((query) => ({ id, episodes, query })),
);

test.each(negative)(
  'quirk:negative-top_k: $id: the ranking is whole; the reference dropped its last $query.top_k',
  ({ episodes, query }) => {
    const whole = learned(episodes).next(query.recent_tools, query.available_tools);
    expect(whole.length).toBeGreaterThanOrEqual(query.result.length);
    expectSame(whole.slice(0, query.top_k), query.result);
  },
);

const separators = cases.filter(({ tags }) => hasQuirk(tags, 'separator-in-name'));
const clean = (name: string) => name.replaceAll('->', '_');

test.each(separators)(
  'quirk:separator-in-name (fault 30): $id: names with the separator are told apart as any other names are',
  ({ episodes }) => {
    const renamed = episodes.map((episode) => ({ ...episode, tools: episode.tools.map(clean) }));
    const rows = learned(episodes).table();
    expectSame(
      rows.map(([run, ...numbers]) => [run.map(clean), ...numbers]),
      learned(renamed).table(),
    );
    expect(new Set(rows.map(([run]) => JSON.stringify(run))).size).toBe(rows.length);
  },
);

test.each(separators)(
  'quirk:separator-in-name (fault 30): $id: no episode lends its sequences to another that only spells the same',
  ({ episodes, queries }) => {
    const table = learned(episodes);
    const renamed = learned(episodes.map((episode) => ({ ...episode, tools: episode.tools.map(clean) })));
    for (const { recent_tools, available_tools } of queries) {
      const got = table.next(recent_tools, available_tools).map(({ tool_name, sequence_score }) => [clean(tool_name), sequence_score]);
      const want = renamed.next(recent_tools.map(clean), available_tools?.map(clean) ?? null);
      expectSame(
        got,
        want.map(({ tool_name, sequence_score }) => [tool_name, sequence_score]),
      );
    }
  },
);

test('fault 31: a partial success is half a success', () => {
  const table = learned(
    ['a', 'b'].map(() => ({ tools: ['p', 'r'], reward: 5, outcome: 'partial' as const })),
    { ...REFERENCE_GATE, partial_credit: 0.5 } as typeof REFERENCE_GATE,
  );
  expect(table.next(['p'], ['r'])).toEqual([{ tool_name: 'r', sequence_score: 3.04, reason: 'Follows p (2x, 50% success)' }]);
});

test('fault 32: one episode that repeats itself is no evidence of a habit; a second one is', () => {
  const gate = { ...REFERENCE_GATE, counted: 'episodes' } as const;
  const pings = { tools: ['ping', 'ping', 'ping'], reward: 10, outcome: 'success' as const };
  const once = new NgramTable(gate);
  once.log(pings);
  expect(once.next(['ping'], ['ping'])).toEqual([]);
  once.log(pings);
  expect(once.next(['ping'], ['ping']).map(({ reason }) => reason)).toEqual(['Follows ping (2x, 100% success)']);
});
