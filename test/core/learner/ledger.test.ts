import { describe, expect, test } from 'vitest';
import { Ledger } from '../../../src/core/learner/ledger.ts';
import { at, toolNamed } from './moments.ts';

const moment = at(['a', 'b'], { query: 'one', history: ['a'] });
const call = { moment, chosen: 1, success: true, rating: null, reward: 10 };

describe('the ledger', () => {
  test('tells of an execution what it was, and of a second rating what the first had made of it', () => {
    const ledger = new Ledger();
    ledger.add(4, call);
    const known = { tool: toolNamed('b').hash, previous: toolNamed('a').hash, request: moment.query.request, success: true };
    expect(ledger.rate(4, 1, 6)).toStrictEqual({ ...known, rating_before: null, reward_before: 10 });
    expect(ledger.rate(4, 5, 14)).toStrictEqual({ ...known, rating_before: 1, reward_before: 6 });
  });

  test('knows nothing of an execution that it was not shown', () => {
    expect(new Ledger().rate(4, 1, 6)).toBeUndefined();
  });

  test('keeps the latest 5,000 executions', () => {
    const ledger = new Ledger();
    for (let seq = 0; seq < 5_003; seq++) ledger.add(seq, call);
    expect(ledger.save()).toHaveLength(5_000);
    expect([2, 3].map((seq) => ledger.rate(seq, 1, 6) !== undefined)).toStrictEqual([false, true]);
  });

  test('is the same after save and load', () => {
    const [first, second] = [new Ledger(), new Ledger()];
    for (const seq of [1, 2]) first.add(seq, call);
    first.rate(1, 2, 8);
    second.load(structuredClone(first.save()));
    expect(second.save()).toStrictEqual(first.save());
    expect(second.rate(1, 3, 10)).toStrictEqual(first.rate(1, 3, 10));
  });
});
