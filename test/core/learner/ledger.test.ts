import { describe, expect, test } from 'vitest';
import { type Entry, Ledger } from '../../../src/core/learner/ledger.ts';

const call: Entry = { tool: 1, previous: 2, request: 3, session: 4, day: 5, success: true, rating_before: null, reward_before: 10 };

describe('the ledger', () => {
  test('tells of an execution what it was, and of a second rating what the first had made of it', () => {
    const ledger = new Ledger();
    ledger.add(4, call);
    expect(ledger.find(4)).toMatchObject(call);
    ledger.rate(4, 1, 6);
    expect(ledger.find(4)).toMatchObject({ ...call, rating_before: 1, reward_before: 6 });
  });

  test('finds an execution for three ratings and not for a fourth', () => {
    const ledger = new Ledger();
    ledger.add(4, call);
    const found = [1, 5, 1, 5].map((rating) => {
      const entry = ledger.find(4);
      ledger.rate(4, rating, 0);
      return entry !== undefined;
    });
    expect(found).toStrictEqual([true, true, true, false]);
  });

  test('knows nothing of an execution that it was not shown, and a rating does not make one up', () => {
    const ledger = new Ledger();
    ledger.rate(4, 1, 6);
    expect(ledger.find(4)).toBeUndefined();
  });

  test('keeps the latest 5,000 executions', () => {
    const ledger = new Ledger();
    for (let seq = 0; seq < 5_003; seq++) ledger.add(seq, call);
    expect(ledger.save()).toHaveLength(5_000);
    expect([2, 3].map((seq) => ledger.find(seq) !== undefined)).toStrictEqual([false, true]);
  });

  test('is the same after save and load', () => {
    const [first, second] = [new Ledger(), new Ledger()];
    for (const seq of [1, 2]) first.add(seq, call);
    first.rate(1, 2, 8);
    second.load(structuredClone(first.save()));
    expect(second.save()).toStrictEqual(first.save());
  });
});
