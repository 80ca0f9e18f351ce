import { describe, expect, test } from 'vitest';
import { explorationRate } from '../../src/core/exploration.ts';
import { seededUniform } from '../../src/core/random.ts';
import { type Summary, summarise } from '../../src/core/statistics.ts';
import { expectSame, loadGolden, REFERENCE } from './support.ts';
import { NO_REPLAY, TableLearner } from './table-learner.ts';

type GoldenSummary = { readonly [Field in keyof Summary]?: number };

type Op =
  | { readonly op: 'record'; readonly name: string; readonly value: number; readonly extra: unknown; readonly buffered_after: number }
  | { readonly op: 'record_many'; readonly name: string; readonly values: readonly number[]; readonly buffered_after: number }
  | { readonly op: 'flush'; readonly buffered_after: number }
  | { readonly op: 'summary'; readonly name: string; readonly window: number; readonly expect: GoldenSummary }
  | { readonly op: 'recent'; readonly name: string | null; readonly limit: number; readonly expect: readonly GoldenMetric[] };

type GoldenMetric = readonly [name: string, value: number, extra: unknown];

type EpisodeOutcome = readonly [tools: readonly string[], reward: number, outcome: string];

interface LearningStats {
  readonly learning_rate: number;
  readonly discount_factor: number;
  readonly available_tools: readonly string[];
  readonly updates: readonly (readonly [tool: string, context: string, reward: number, next_context: string | null])[];
  readonly episodes_after: readonly EpisodeOutcome[];
  readonly snapshots: readonly {
    readonly after_update: number;
    readonly flushed_first: boolean;
    readonly stats: { readonly update_count: number; readonly replay_buffer_size: number } & Readonly<Record<string, unknown>>;
  }[];
}

interface MetricsFile {
  readonly cases: readonly { readonly id: string; readonly tags: readonly string[]; readonly ops: readonly Op[] }[];
  readonly learning_stats: LearningStats;
}

const { cases, learning_stats } = loadGolden<MetricsFile>('metrics');

/** The reference's buffer: what is stored at each moment is all but the latest `buffered` metrics. */
const BUFFER = 100;
const WINDOW = 100;
const STATISTICS = ['reward', 'td_error', 'episode_reward', 'exploration_rate'] as const;

/** Without what an empty summary leaves open, as the reference prints it. */
function told(summary: Summary): GoldenSummary {
  return Object.fromEntries(Object.entries(summary).filter(([, value]) => value !== null));
}

function latest(metrics: readonly GoldenMetric[], name: string | null, limit: number): GoldenMetric[] {
  const named = metrics.filter((metric) => name === null || metric[0] === name);
  return named.toReversed().slice(0, limit);
}

function summary(metrics: readonly GoldenMetric[], name: string, window: number): Summary {
  return summarise(latest(metrics, name, window).map(([, value]) => value));
}

function recorded(op: Op): GoldenMetric[] {
  if (op.op === 'record') return [[op.name, op.value, op.extra]];
  return op.op === 'record_many' ? op.values.map((value): GoldenMetric => [op.name, value, null]) : [];
}

/** Each question with every metric recorded before it, and how many of those the reference had not stored yet. */
function questions(ops: readonly Op[]) {
  let metrics: readonly GoldenMetric[] = [];
  let buffered = 0;
  return ops.map((op) => {
    metrics = [...metrics, ...recorded(op)];
    if ('buffered_after' in op) buffered = op.buffered_after;
    return { op, metrics, buffered };
  });
}

test('the file holds cases', () => {
  expect(cases.length).toBeGreaterThan(0);
  expect(learning_stats.snapshots.length).toBeGreaterThan(0);
});

describe('summaries of the metrics that the reference had stored', () => {
  test.each(cases)('$id ($tags) are the reference’s', ({ ops }) => {
    for (const { op, metrics, buffered } of questions(ops)) {
      const stored = metrics.slice(0, metrics.length - buffered);
      if (op.op === 'summary') expectSame(told(summary(stored, op.name, op.window)), op.expect, op.name);
      if (op.op === 'recent') expectSame(latest(stored, op.name, op.limit), op.expect, 'recent');
    }
  });
});

test.each(cases)('fault 5: $id ($tags): a metric counts as soon as it is recorded, not from the hundredth on', ({ ops }) => {
  for (const { op, metrics } of questions(ops)) {
    if (op.op !== 'summary') continue;
    const all = metrics.filter(([name]) => name === op.name);
    const got = summary(metrics, op.name, op.window);
    expect(got.count).toBe(Math.min(op.window, all.length));
    expect(got.latest).toBe(all.at(-1)?.[1] ?? null);
  }
});

/** Three metrics an update, in the order in which the reference records them. */
function metricsOf({ learning_rate, discount_factor, available_tools, updates }: LearningStats): GoldenMetric[] {
  const learner = new TableLearner({ ...NO_REPLAY, learning_rate, discount_factor }, seededUniform(1));
  return updates.flatMap(([tool, context, reward, next_context]): GoldenMetric[] => {
    const { td_error } = learner.update({ tool, context, reward, next_context, available_tools, is_terminal: next_context === null });
    return [
      ['reward', reward, null],
      ['td_error', Math.abs(td_error), null],
      ['exploration_rate', explorationRate(0, REFERENCE), null],
    ];
  });
}

describe('learning statistics', () => {
  const ofUpdates = metricsOf(learning_stats);
  const ofEpisodes = learning_stats.episodes_after.map(([, reward]): GoldenMetric => ['episode_reward', reward, null]);
  const seenAt = (after_update: number, flushed_first: boolean) => [
    ...ofUpdates.slice(0, 3 * after_update),
    ...(flushed_first ? ofEpisodes : []),
  ];

  test.each(learning_stats.snapshots)('after $after_update updates (flushed: $flushed_first) are the reference’s', (snapshot) => {
    const { after_update, flushed_first, stats } = snapshot;
    const metrics = seenAt(after_update, flushed_first);
    const stored = flushed_first ? metrics : metrics.slice(0, metrics.length - (metrics.length % BUFFER));
    expect(stats.update_count).toBe(after_update);
    for (const name of STATISTICS) {
      const got = summary(stored, name, WINDOW);
      expectSame(got.count === 0 ? undefined : told(got), stats[`${name}_stats`], name);
    }
  });

  test.each(learning_stats.snapshots)('fault 5: after $after_update updates (flushed: $flushed_first) every update is seen', (snapshot) => {
    const got = summary(seenAt(snapshot.after_update, snapshot.flushed_first), 'reward', WINDOW);
    expect(got.count).toBe(Math.min(WINDOW, snapshot.after_update));
    expect(got.latest).toBe(learning_stats.updates[snapshot.after_update - 1]?.[2]);
  });
});
