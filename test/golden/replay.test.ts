import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../src/core/random.ts';
import { ReplayMemory, replayPriority } from '../../src/core/replay.ts';
import { expectClose, expectSame, hasQuirk, loadGolden } from './support.ts';
import { NO_REPLAY, type Row, type Step, TableLearner } from './table-learner.ts';

interface CapacityCase {
  readonly capacity: number;
  readonly adds: readonly (readonly [item: number, priority: number | null])[];
  readonly length: number;
  readonly contents: readonly number[];
  readonly priorities: readonly number[];
  readonly priority_updates: readonly (readonly [position: number, priority: number])[];
  readonly priorities_after_updates: readonly number[];
  readonly sample_more_than_length: { readonly batch: number; readonly result: readonly number[] };
  readonly sample_exact_length: { readonly batch: number; readonly result_as_set: readonly number[] };
}

interface DistributionCase {
  readonly alpha: number;
  readonly priorities: readonly number[];
  readonly batch: number;
  readonly draws: number;
  readonly expected_inclusion: readonly number[];
}

interface BatchCase {
  readonly learning_rate: number;
  readonly discount_factor: number;
  readonly batch_size: number;
  readonly replay_buffer_size: number;
  readonly available_tools: readonly string[] | null;
  readonly tags: readonly string[];
  readonly updates: readonly (readonly [
    tool: string,
    context: string,
    reward: number,
    next_context: string | null,
    is_terminal: boolean,
  ])[];
  readonly snapshots: readonly { readonly after_update: number; readonly replay_length: number; readonly table: readonly Row[] }[];
  readonly batch_avg_td_error_in_order: readonly number[];
}

interface ReplayFile {
  readonly capacity_cases: readonly CapacityCase[];
  readonly distribution_cases: readonly DistributionCase[];
  readonly batch_cases: readonly BatchCase[];
  readonly service_priority: readonly (readonly [reward: number, priority: number])[];
}

const { capacity_cases, distribution_cases, batch_cases, service_priority } = loadGolden<ReplayFile>('replay');

test('the file holds cases', () => {
  for (const cases of [capacity_cases, distribution_cases, batch_cases, service_priority]) expect(cases.length).toBeGreaterThan(0);
});

describe('the memory', () => {
  test.each(capacity_cases)('of capacity $capacity keeps the latest $length items and their priorities', (golden) => {
    const memory = new ReplayMemory<number>({ capacity: golden.capacity, priority_exponent: 0.6, importance_exponent: 0 });
    for (const [item, priority] of golden.adds) memory.add(item, priority);
    expect(memory.length).toBe(golden.length);
    expect(memory.contents()).toStrictEqual(golden.contents);
    expectSame(memory.priorities(), golden.priorities);
    for (const [position, priority] of golden.priority_updates) memory.setPriority(position, priority);
    expectSame(memory.priorities(), golden.priorities_after_updates);

    const draw = (batch: number) => memory.sample(batch, seededUniform(1)).map(({ item }) => item);
    expect(draw(golden.sample_more_than_length.batch)).toStrictEqual(golden.sample_more_than_length.result);
    expect(new Set(draw(golden.sample_exact_length.batch))).toStrictEqual(new Set(golden.sample_exact_length.result_as_set));
  });

  test.each(distribution_cases)('draws $batch of $priorities.length items as often as expected at exponent $alpha', (golden) => {
    const { alpha, priorities, batch, draws, expected_inclusion } = golden;
    const memory = new ReplayMemory<number>({ capacity: priorities.length, priority_exponent: alpha, importance_exponent: 0 });
    for (const [item, priority] of priorities.entries()) memory.add(item, priority);
    const uniform = seededUniform(20_240_607);
    const counts = priorities.map(() => 0);
    let repeats = 0;
    for (let draw = 0; draw < draws; draw++) {
      const items = memory.sample(batch, uniform).map(({ item }) => item);
      repeats += batch - new Set(items).size;
      for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
    }
    expect(repeats).toBe(0);
    for (const [item, expected] of expected_inclusion.entries()) {
      const delta = 5 * Math.sqrt((expected * (1 - expected)) / draws);
      expect(Math.abs((counts[item] ?? 0) / draws - expected), `item ${item}`).toBeLessThanOrEqual(delta);
    }
  });
});

function run(golden: BatchCase, change: (step: Step) => Step = (step) => step) {
  const settings = { ...NO_REPLAY, ...golden, replay_capacity: golden.replay_buffer_size };
  const learner = new TableLearner(settings, seededUniform(7));
  const steps = golden.updates.map(([tool, context, reward, next_context, is_terminal]) => {
    const step = { tool, context, reward, next_context, is_terminal, available_tools: golden.available_tools };
    const { batch_avg_td_error } = learner.update(change(step));
    return { batch_avg_td_error, replay_length: learner.memory.length, table: learner.table() };
  });
  return { steps, batches: steps.flatMap(({ batch_avg_td_error }) => batch_avg_td_error ?? []) };
}

const values = (table: readonly Row[] | undefined) => table?.map(([tool, context, value]) => [tool, context, value]);

const sound = batch_cases.filter(({ tags }) => !hasQuirk(tags));

describe('batches every ten updates', () => {
  test.each(sound)('$tags: values and mean TD errors are the reference’s', (golden) => {
    const { steps, batches } = run(golden);
    for (const { after_update, replay_length, table } of golden.snapshots) {
      const got = steps[after_update - 1];
      expect(got?.replay_length).toBe(replay_length);
      expectSame(values(got?.table), values(table), `table after update ${after_update}`);
    }
    expectSame(batches, golden.batch_avg_td_error_in_order, 'batch_avg_td_error');
  });

  test.each(batch_cases)('$tags: fault 14 (replay inflates visit_count) is mended, visits are executions', (golden) => {
    const { steps } = run(golden);
    for (const { after_update } of golden.snapshots) {
      const visits = steps[after_update - 1]?.table.reduce((sum, [, , , count]) => sum + count, 0);
      expect(visits).toBe(after_update);
    }
  });
});

const terminalQuirks = batch_cases.filter(({ tags }) => hasQuirk(tags, 'terminal-flag-differs-between-direct-and-replay'));

describe('quirk:terminal-flag-differs-between-direct-and-replay (fault 10)', () => {
  test.each(terminalQuirks)('the direct update and replay agree that a terminal step has no future', (golden) => {
    expectSame(
      run(golden),
      run(golden, (step) => (step.is_terminal ? { ...step, next_context: null } : step)),
    );
  });
});

describe('service_priority (fault 12: priorities are |reward| + 1 and never change)', () => {
  test.each(service_priority)(
    'a reward of %d may be remembered with the priority %d, and another TD error changes it',
    (reward, priority) => {
      const memory = new ReplayMemory<number>({ capacity: 4, priority_exponent: 0.6, importance_exponent: 1 });
      memory.add(reward, Math.abs(reward) + 1);
      expectClose(memory.priorities()[0], priority);
      memory.setPriority(0, replayPriority(0));
      expect(memory.priorities()).toStrictEqual([replayPriority(0)]);
      expect(replayPriority(0)).toBeLessThan(replayPriority(-3));
    },
  );
});

test('fault 15: replay bootstraps a transition over the tools it had itself, whatever the latest caller offers', () => {
  const settings = { ...NO_REPLAY, learning_rate: 1, batch_size: 3, replay_interval: 3 };
  const learner = new TableLearner(settings, seededUniform(3));
  const step = { next_context: null, available_tools: ['db_query'], is_terminal: false };
  learner.update({ ...step, tool: 'db_query', context: 's0', reward: 1, next_context: 's1' });
  learner.update({ ...step, tool: 'db_query', context: 's1', reward: 8 });
  learner.update({ ...step, tool: 'browser', context: 's2', reward: 2, available_tools: ['browser'] });
  expect(learner.value('db_query', 's0')).toBeCloseTo(1 + 0.9 * 8, 12);
});
