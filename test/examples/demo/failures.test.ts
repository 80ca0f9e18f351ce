import { describe, expect, test } from 'vitest';
import { failuresOf, fallsOf, surprises } from '../../../examples/demo/failures.ts';
import { callOf } from './calls.ts';

const habit = callOf(1, { right: 'a', called: 'b', ranking: ['b', 'a'], success: false, expected_success: false, error: 'no such folder' });
const later = callOf(2, { ranking: ['a', 'c', 'b'] });

describe('what failed and fell', () => {
  test('compares the rank before the first failure with the one at the last time of asking', () => {
    const [fall] = fallsOf([habit, habit, later]);
    expect(fall).toEqual({ phrase: habit.phrase, tool: 'b', failures: 2, avoided: 1, rank_before: 1, rank_after: 3, leader: 'a' });
  });

  test('leaves out what was never asked again', () => {
    expect(fallsOf([later, habit])).toEqual([]);
  });

  test('leaves out a right call that could not succeed', () => {
    expect(fallsOf([callOf(1, { success: false, expected_success: false }), later])).toEqual([]);
  });
});

test("failures carry the server's latest words, the most frequent kind first", () => {
  const missing = callOf(1, { right: 'c', success: false, error: 'not found' });
  expect(failuresOf([missing, habit, habit, later])).toEqual([
    { intent: 'read', tool: 'b', count: 2, error: 'no such folder' },
    { intent: 'read', tool: 'c', count: 1, error: 'not found' },
  ]);
});

test('a call that went otherwise than its script says is a surprise', () => {
  const broken = callOf(1, { success: false, error: 'disk full' });
  expect(surprises([habit, broken, later])).toEqual([broken]);
});
