import { describe, expect, test } from 'vitest';
import { Limits, type Update } from '../../../src/core/learner/limits.ts';

const UPDATE: Update = { session: 1, request: 10, previous: 0, tool: 5, good: true, day: 20_000 };

/** How many of these are taught. */
function taught(limits: Limits, count: number, update: (n: number) => Partial<Update>): number {
  let admitted = 0;
  for (let n = 0; n < count; n++) if (limits.admit({ ...UPDATE, ...update(n) }) === 'taught') admitted++;
  return admitted;
}

/** Some sessions, each of which has taught that the tool is good for the request. */
function known(sessions: number): Limits {
  const limits = new Limits();
  taught(limits, sessions, (n) => ({ session: 100 + n }));
  return limits;
}

describe('what a session that is alone may teach', () => {
  test('is the same success three times and the same failure twenty times a day', () => {
    const limits = new Limits();
    expect(taught(limits, 100, () => ({}))).toBe(3);
    expect(taught(limits, 100, () => ({ good: false }))).toBe(20);
    expect(taught(limits, 100, () => ({ day: 20_001 }))).toBe(3);
  });

  test('is not held back for other requests, tools or previous tools', () => {
    const limits = new Limits();
    expect(taught(limits, 200, (n) => ({ request: n }))).toBe(200);
    expect(taught(limits, 200, (n) => ({ tool: n + 50 }))).toBe(200);
    expect(taught(limits, 200, (n) => ({ previous: n + 1 }))).toBe(200);
  });
});

describe('what one session among many may teach', () => {
  test('is one thing a day that nobody else has seen of a request that others know, whatever tool and outcome', () => {
    const limits = known(10);
    expect(taught(limits, 100, (n) => ({ good: n % 2 === 0, tool: n % 7 === 0 ? 5 : 6, previous: n % 5 }))).toBe(2); // and one they have seen
    expect(taught(limits, 100, (n) => ({ day: 20_001, good: false, previous: n }))).toBe(1);
  });

  test('is of a tool a tenth of what the others have, in other words too: here 3 good and 3 bad of 30', () => {
    const limits = known(30);
    expect(taught(limits, 500, (n) => ({ request: 1_000 + n }))).toBe(3);
    expect(taught(limits, 500, (n) => ({ request: 2_000 + n, good: false }))).toBe(3);
  });

  test('is twenty updates of whatever tools in a young database', () => {
    expect(taught(known(10), 500, (n) => ({ request: 1_000 + n, tool: 50 + n }))).toBe(20);
  });

  test('includes what it taught that day while it was alone', () => {
    const limits = new Limits();
    expect(taught(limits, 5, () => ({}))).toBe(3);
    taught(limits, 10, (n) => ({ session: 100 + n }));
    expect(taught(limits, 50, () => ({ good: false }))).toBe(0);
    expect(taught(limits, 50, () => ({ good: false, day: 20_001 }))).toBe(1);
  });

  test('shows how good the predictions are beyond that, until it repeats itself', () => {
    const limits = known(10);
    const admitted = Array.from({ length: 5 }, () => limits.admit(UPDATE));
    expect(admitted).toStrictEqual(['taught', 'seen', 'seen', 'repeated', 'repeated']);
  });
});

describe('the limits', () => {
  test('are the same after save and load', () => {
    const first = known(12);
    taught(first, 40, (n) => ({ request: n, good: n % 3 > 0 }));
    const second = new Limits();
    second.load(structuredClone(first.save()));
    const next = (n: number): Update => ({ ...UPDATE, request: n % 60, tool: 5 + (n % 3), good: n % 2 > 0 });
    const answers = [first, second].map((limits) => Array.from({ length: 200 }, (_, n) => limits.admit(next(n))));
    expect(answers[1]).toStrictEqual(answers[0]);
    expect(second.save()).toStrictEqual(first.save());
  });

  test('remember 20,000 keys of a kind at most', () => {
    const limits = new Limits();
    taught(limits, 12_000, (n) => ({ request: n, session: n }));
    for (const kind of ['counts', 'totals', 'teachers'] as const) expect(limits.save()[kind].length).toBeLessThanOrEqual(20_000);
  });
});
