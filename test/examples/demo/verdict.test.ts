import { expect, test } from 'vitest';
import type { Call } from '../../../examples/demo/agent.ts';
import { verdictOf } from '../../../examples/demo/verdict.ts';
import { callOf, TOOLS } from './calls.ts';

const hit = ['c', 'a', 'b', 'd'];
const miss = ['d', 'b', 'a', 'c'];

/** One decision a quarter for tool c, by which popularity would name d. */
function passed(first: readonly string[], last: readonly string[], called = 'd'): boolean {
  const calls: Call[] = [callOf(1, { right: 'c', called, ranking: first }), callOf(4, { right: 'c', ranking: last })];
  return verdictOf({ calls, available_tools: TOOLS }).passed;
}

test('passes when the last quarter beats the first and popularity', () => {
  expect(passed(miss, hit)).toBe(true);
});

test('does not pass when the last quarter is no better than the first', () => {
  expect(passed(hit, hit)).toBe(false);
  expect(passed(miss, miss)).toBe(false);
});

test('does not pass when popularity is as good', () => {
  expect(passed(miss, hit, 'c')).toBe(false);
});

test('says the numbers in one sentence', () => {
  const calls = [callOf(1, { ranking: miss }), callOf(4)];
  expect(verdictOf({ calls, available_tools: TOOLS }).sentence).toMatch(
    /^toolwise did not learn enough: 100 % right at first \(mean rank 1\.0\).*\.$/,
  );
});
