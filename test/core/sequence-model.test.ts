import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type NgramCell,
  nextProbabilities,
  ngramsOf,
  outcomeSuccess,
  rankNext,
  sequenceScore,
  updatedCell,
} from '../../src/core/sequence-model.ts';

const cell = (part: Partial<NgramCell> = {}): NgramCell => ({
  occurrence_count: 3,
  episode_count: 3,
  avg_reward: 5,
  success_rate: 1,
  ...part,
});

describe('ngramsOf', () => {
  test('gives runs of 2 from left to right, then of 3, equal ones once with their count', () => {
    expect(ngramsOf(['a', 'b', 'a', 'b'], 3)).toEqual([
      { prefix: ['a'], next: 'b', occurrences: 2 },
      { prefix: ['b'], next: 'a', occurrences: 1 },
      { prefix: ['a', 'b'], next: 'a', occurrences: 1 },
      { prefix: ['b', 'a'], next: 'b', occurrences: 1 },
    ]);
  });

  test('fault 30: tells ["a->b", "c"] from ["a", "b", "c"]', () => {
    expect(ngramsOf(['a->b', 'c'], 3)).toEqual([{ prefix: ['a->b'], next: 'c', occurrences: 1 }]);
  });

  test('counts every adjacent run of every length once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '__proto__'), { maxLength: 12 }), fc.integer({ min: 2, max: 5 }), (tools, longest) => {
        const total = ngramsOf(tools, longest).reduce((sum, ngram) => sum + ngram.occurrences, 0);
        const lengths = Array.from({ length: longest - 1 }, (_, at) => at + 2);
        expect(total).toBe(lengths.reduce((sum, length) => sum + Math.max(0, tools.length - length + 1), 0));
      }),
    );
  });
});

test('updatedCell is the mean over all occurrences, in whatever portions they come', () => {
  const portion = fc.record({
    occurrences: fc.integer({ min: 1, max: 4 }),
    credit: fc.integer({ min: -9, max: 16 }),
    success: fc.constantFrom(0, 0.5, 1),
  });
  fc.assert(
    fc.property(fc.array(portion, { minLength: 1, maxLength: 8 }), (portions) => {
      const got = portions.reduce((before: NgramCell | null, episode) => updatedCell(before, episode), null);
      const samples = portions.flatMap(({ occurrences, credit }) => Array.from({ length: occurrences }, () => credit));
      expect(got?.occurrence_count).toBe(samples.length);
      expect(got?.episode_count).toBe(portions.length);
      expect(got?.avg_reward).toBeCloseTo(samples.reduce((sum, sample) => sum + sample, 0) / samples.length, 9);
      expect(got?.success_rate).toBeLessThanOrEqual(1 + 1e-12);
    }),
  );
});

test('fault 31: a partial success counts as much as it is told to', () => {
  expect([outcomeSuccess('success', 0.5), outcomeSuccess('partial', 0.5), outcomeSuccess('failure', 0.5)]).toEqual([1, 0.5, 0]);
});

test('the score saturates at ten occurrences', () => {
  expect(sequenceScore(cell({ occurrence_count: 10 }))).toBeCloseTo(6.2, 12);
  expect(sequenceScore(cell({ occurrence_count: 1000 }))).toBeCloseTo(6.2, 12);
});

describe('rankNext', () => {
  const prefixes = [
    { prefix_length: 2, rows: [{ tool_name: 'x', cell: cell({ avg_reward: 9 }) }] },
    {
      prefix_length: 1,
      rows: [
        { tool_name: 'y', cell: cell() },
        { tool_name: 'x', cell: cell({ occurrence_count: 6, episode_count: 6 }) },
        { tool_name: 'bad', cell: cell({ avg_reward: -5, success_rate: 0 }) },
      ],
    },
  ];

  test('judges each tool by its best run and hides those that scored nothing', () => {
    const got = rankNext(prefixes, null, { min_episodes: 2 });
    expect(got.map(({ tool_name, support, avg_reward }) => [tool_name, support, avg_reward])).toEqual([
      ['x', 3, 9],
      ['y', 3, 5],
    ]);
  });

  test('of equally good runs takes the shorter', () => {
    const same = [2, 1].map((prefix_length) => ({ prefix_length, rows: [{ tool_name: 'x', cell: cell() }] }));
    expect(rankNext(same, ['x'], { min_episodes: 1, recent_tools: ['p', 'q'] })[0]?.reason).toBe('Follows q (3x, 100% success)');
  });

  test('fault 32: a run of a single episode is no advice, however often it occurs there', () => {
    const once = [{ prefix_length: 1, rows: [{ tool_name: 'x', cell: cell({ occurrence_count: 9, episode_count: 1 }) }] }];
    expect(rankNext(once, null, { min_episodes: 2 })).toEqual([]);
    expect(rankNext(once, null, { min_episodes: 2, counted: 'occurrences' })[0]?.support).toBe(9);
  });

  test('ties keep the order of the caller, repeated names stay, others are left out', () => {
    const tied = [{ prefix_length: 1, rows: ['x', 'y', 'z'].map((tool_name) => ({ tool_name, cell: cell() })) }];
    expect(rankNext(tied, ['y', 'y', 'x', 'unseen'], { min_episodes: 1 }).map(({ tool_name }) => tool_name)).toEqual(['y', 'y', 'x']);
  });

  test('says where it looked when the tools are not named', () => {
    expect(rankNext(prefixes, null, { min_episodes: 2 }).map(({ reason }) => reason)).toEqual([
      'Follows the latest 2 tools (3x, 100% success)',
      'Follows the latest tool (3x, 100% success)',
    ]);
  });
});

describe('nextProbabilities', () => {
  const follower = fc.record({ tool_name: fc.constantFrom('a', 'b', 'c', 'd'), count: fc.integer({ min: 1, max: 50 }) });
  const rows = fc
    .uniqueArray(follower, { selector: (row) => row.tool_name })
    .map((all) => all.map(({ tool_name, count }) => ({ tool_name, cell: cell({ occurrence_count: count }) })));

  test('sum to 1 over the candidates, each above 0', () => {
    fc.assert(
      fc.property(rows, rows, (one, two) => {
        const prefixes = [
          { prefix_length: 1, rows: one },
          { prefix_length: 2, rows: two },
        ];
        const got = [...nextProbabilities(prefixes, ['a', 'b', 'c', 'e']).values()];
        for (const probability of got) expect(probability).toBeGreaterThan(0);
        expect(got.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('interpolate by the number of different followers (Witten-Bell)', () => {
    const got = nextProbabilities([{ prefix_length: 1, rows: [{ tool_name: 'a', cell: cell({ occurrence_count: 3 }) }] }], ['a', 'b']);
    expect(got.get('a')).toBeCloseTo((3 + 0.5) / 4, 12);
    expect(got.get('b')).toBeCloseTo(0.5 / 4, 12);
  });

  test('leave room for a tool never seen when no candidates are named', () => {
    const got = nextProbabilities([{ prefix_length: 1, rows: [{ tool_name: 'a', cell: cell({ occurrence_count: 1 }) }] }], null);
    expect(got.get('a')).toBeCloseTo(0.75, 12);
  });
});
