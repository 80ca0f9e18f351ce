import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../src/core/random.ts';
import { ReplayMemory, replayPriority } from '../../src/core/replay.ts';
import { NO_REPLAY, TableLearner } from '../golden/table-learner.ts';

const PRIORITISED = { capacity: 100, priority_exponent: 0.6, importance_exponent: 1 };

function filled(priorities: readonly number[], settings = PRIORITISED): ReplayMemory<number> {
  const memory = new ReplayMemory<number>({ ...settings, capacity: Math.max(1, priorities.length) });
  for (const [item, priority] of priorities.entries()) memory.add(item, priority);
  return memory;
}

describe('the memory', () => {
  test('behaves like a list of the latest items, whatever is added and changed', () => {
    const change = fc.oneof(
      fc.record({ add: fc.option(fc.double({ min: 0.01, max: 100, noNaN: true }), { nil: null }) }),
      fc.record({ at: fc.integer({ min: -2, max: 12 }), to: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(change, { maxLength: 60 }), (capacity, changes) => {
        const memory = new ReplayMemory<number>({ ...PRIORITISED, capacity });
        let list: { item: number; priority: number }[] = [];
        for (const [item, step] of changes.entries()) {
          if ('add' in step) {
            const greatest = list.length === 0 ? 1 : Math.max(...list.map(({ priority }) => priority));
            list = [...list, { item, priority: step.add ?? greatest }].slice(-capacity);
            memory.add(item, step.add);
          } else {
            list = list.map((entry, at) => (at === step.at ? { ...entry, priority: step.to } : entry));
            memory.setPriority(step.at, step.to);
          }
        }
        expect(memory.length).toBe(list.length);
        expect(memory.contents()).toStrictEqual(list.map(({ item }) => item));
        expect(memory.priorities()).toStrictEqual(list.map(({ priority }) => priority));
      }),
    );
  });

  test('keeps every priority usable: not a number, infinite, zero or negative ones are brought into range', () => {
    const memory = filled([Number.NaN, Number.POSITIVE_INFINITY, 0, -4, 1]);
    expect(memory.priorities()).toStrictEqual([1e-9, 1e9, 1e-9, 1e-9, 1]);
    expect(memory.sample(4, seededUniform(1)).every(({ weight }) => weight > 0 && weight <= 1)).toBe(true);
  });
});

describe('a sample', () => {
  const positive = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 40 });

  test('never holds an item twice, tells where it stands, leaves the memory as it was, and weighs within (0, 1]', () => {
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 45 }), fc.integer(), (priorities, batch, seed) => {
        const memory = filled([5, 5, 5, ...priorities]);
        const before = memory.priorities();
        const sample = memory.sample(batch, seededUniform(seed));
        expect(new Set(sample.map(({ item }) => item)).size).toBe(Math.min(batch, memory.length));
        expect(sample.map(({ position }) => memory.contents()[position])).toStrictEqual(sample.map(({ item }) => item));
        expect(memory.priorities()).toStrictEqual(before);
        for (const { weight } of sample) {
          expect(weight).toBeGreaterThan(0);
          expect(weight).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  test('positions are those of the contents after the oldest items have left', () => {
    const memory = new ReplayMemory<string>({ ...PRIORITISED, capacity: 3 });
    for (const item of ['a', 'b', 'c', 'd', 'e']) memory.add(item, 1);
    for (const { item, position } of memory.sample(2, seededUniform(5))) expect(memory.contents()[position]).toBe(item);
  });

  test('the greatest draw a generator can give still finds an item', () => {
    expect(filled([0.1, 0.2, 0.7]).sample(2, () => 1 - 2 ** -53)).toHaveLength(2);
  });

  test('in a large memory the weight is (least P / P)^beta, as in Schaul et al. 2016', () => {
    const priorities = Array.from({ length: 20_000 }, (_, at) => 1 + (at % 5));
    for (const beta of [0, 0.4, 1]) {
      const memory = filled(priorities, { ...PRIORITISED, importance_exponent: beta });
      for (const { item, weight } of memory.sample(8, seededUniform(2))) {
        expect(weight).toBeCloseTo((1 / (priorities[item] ?? 0)) ** (0.6 * beta), 3);
      }
    }
  });

  test.each([40, 64, 500])('of 32 from %d items counts each priority equally once weighted', (length) => {
    const memory = filled(Array.from({ length }, (_, at) => (at % 2 === 0 ? 0.5 : 12)));
    const uniform = seededUniform(length);
    const weighted = [0, 0];
    for (let draw = 0; draw < 4000; draw++) {
      for (const { item, weight } of memory.sample(32, uniform)) weighted[item % 2] = (weighted[item % 2] ?? 0) + weight;
    }
    const [low = 0, high = 0] = weighted;
    expect(high / low).toBeGreaterThan(0.94);
    expect(high / low).toBeLessThan(1.06);
  });
});

describe('fault 13: prioritised replay no longer biases Q', () => {
  /** Rewards +15 and -5 at even odds, step size 0.02, 800 updates; Q averaged over the last 400 and over the seeds. True mean: 5. */
  function meanQ(change: Partial<typeof NO_REPLAY>): number {
    const seeds = Array.from({ length: 24 }, (_, seed) => seed);
    return seeds.reduce((sum, seed) => sum + meanQOfSeed(change, seed) / seeds.length, 0);
  }

  function meanQOfSeed(change: Partial<typeof NO_REPLAY>, seed: number): number {
    const coin = seededUniform(seed, 1);
    const learner = new TableLearner({ ...NO_REPLAY, learning_rate: 0.02, batch_size: 32, ...change }, seededUniform(seed, 2));
    let sum = 0;
    for (let update = 0; update < 800; update++) {
      const reward = coin() < 0.5 ? 15 : -5;
      learner.update({ tool: 't', context: 'c', reward, next_context: null, available_tools: null, is_terminal: true });
      if (update >= 400) sum += learner.value('t', 'c') / 400;
    }
    return sum;
  }

  test('with the priorities of the reference: beta 0 overshoots, beta 1 is near the mean', () => {
    expect(meanQ({ importance_exponent: 0 })).toBeGreaterThan(6.3);
    expect(Math.abs(meanQ({ importance_exponent: 1 }) - 5)).toBeLessThan(0.5);
  });

  test('with priorities from the TD error, as the product has them', () => {
    expect(Math.abs(meanQ({ importance_exponent: 1, priority: 'td_error' }) - 5)).toBeLessThan(0.5);
  });
});

describe('replayPriority', () => {
  test('rises with the size of the TD error, is above 0, and is at most 1e9, whatever the error', () => {
    fc.assert(
      fc.property(fc.double(), (td_error) => {
        expect(replayPriority(td_error)).toBeGreaterThan(0);
        expect(replayPriority(td_error)).toBeLessThanOrEqual(1e9);
      }),
    );
    expect(replayPriority(-3)).toBeGreaterThan(replayPriority(2));
    expect(replayPriority(0)).toBe(0.1);
  });
});

test('a sample of 32 from 10,000 takes well under a tenth of a millisecond', () => {
  const memory = filled(Array.from({ length: 10_000 }, (_, at) => 1 + (at % 17)));
  const uniform = seededUniform(4);
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now();
    for (let draw = 0; draw < 100; draw++) memory.sample(32, uniform);
    return (performance.now() - start) / 100;
  });
  expect(Math.min(...times)).toBeLessThan(0.1);
});
