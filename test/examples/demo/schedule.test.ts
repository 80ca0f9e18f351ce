import { describe, expect, test } from 'vitest';
import { QUARTERS, scheduleOf } from '../../../examples/demo/schedule.ts';
import { ODD_JOBS } from '../../../examples/demo/tasks/everything.ts';
import { FAILING_TASKS } from '../../../examples/demo/tasks/failing.ts';
import { FILE_TASKS } from '../../../examples/demo/tasks/files.ts';
import { MEMORY_TASKS } from '../../../examples/demo/tasks/memory.ts';
import { requestText, thingOf } from '../../../examples/demo/tasks/thing.ts';

const INTENTS = [...FILE_TASKS, ...MEMORY_TASKS, ...ODD_JOBS, ...FAILING_TASKS];
const TASKS = scheduleOf(INTENTS, 7);

describe('the schedule of the demo', () => {
  test('holds at least 60 tasks in four equal quarters', () => {
    const sizes = QUARTERS.map((quarter) => TASKS.filter((task) => task.quarter === quarter).length);
    expect(TASKS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(sizes).size).toBe(1);
  });

  test('gives every quarter the same intents, apart from the reports that move half-way', () => {
    const [first, second, third, last] = QUARTERS.map((quarter) =>
      TASKS.filter((task) => task.quarter === quarter).map((task) => task.intent),
    );
    const paired = (intents: readonly string[] = []) => intents.map((intent) => intent.replace(' that has moved away', '')).sort();
    expect(first?.sort()).toEqual(second?.sort());
    expect(third?.sort()).toEqual(last?.sort());
    expect(paired(first)).toEqual(paired(last));
  });

  test('gives every task files and people of its own', () => {
    for (const of of ['file', 'person', 'newcomer', 'minutes'] as const) {
      expect(new Set(TASKS.map((task) => task.thing[of])).size, of).toBe(TASKS.length);
    }
  });

  test('leaves no slot of a request open', () => {
    const queries = TASKS.flatMap((task) => task.steps.map((step) => step.query));
    expect(queries.filter((query) => /[{}]|undefined/.test(query) || query === '')).toEqual([]);
  });

  test('is the same for the same seed and another for another', () => {
    const order = (seed: number) => scheduleOf(INTENTS, seed).map((task) => task.intent);
    expect(order(7)).toEqual(TASKS.map((task) => task.intent));
    expect(order(8)).not.toEqual(order(7));
  });
});

test('a request keeps a slot that the thing does not fill', () => {
  expect(requestText('Read {file} and {nothing}', thingOf(2))).toBe('Read notes/hiring-2.md and {nothing}');
});
