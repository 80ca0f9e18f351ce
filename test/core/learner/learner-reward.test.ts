import { describe, expect, test } from 'vitest';
import { Learner } from '../../../src/core/learner/learner.ts';
import type { Decision, Execution, LogEvent } from '../../../src/core/learner/log-event.ts';
import type { Outcome } from '../../../src/core/types.ts';

const HERE = 'convert the invoice to euro';
const ELSEWHERE = 'translate the letter into french';
const TOOLS = ['bank', 'exchange', 'translator'];

/** A log that is written call by call, each in a session of its own unless said. */
class Log {
  readonly learner = new Learner(7);
  #seq = 0;

  call(tool: string, query: string, details: Partial<Execution> = {}): Execution {
    this.#seq += 1;
    const success = details.success ?? true;
    const known = { session: `session ${this.#seq}`, rating: null, available: TOOLS, time_ms: null, ...details, success };
    const reward = (success ? 10 : -5) + 2 * ((known.rating ?? 3) - 3);
    const event: Execution = { kind: 'execution', seq: this.#seq, tool, query, reward, ...known };
    this.learner.observe(event);
    return event;
  }

  observe(event: LogEvent): this {
    this.learner.observe(event);
    return this;
  }

  rate({ seq, reward, rating: before }: Execution, rating: number): this {
    return this.observe({ kind: 'rating', seq, rating, reward: reward + 2 * (rating - (before ?? 3)) });
  }

  end(session: string, outcome: Outcome): this {
    return this.observe({ kind: 'episode', session, outcome, reward: 0, tools: [] });
  }

  order(query: string, decision: Partial<Decision> = {}): string[] {
    return this.learner.rank({ query, session: null, available: TOOLS, ...decision }).map(({ tool_name }) => tool_name);
  }

  /** The score of a tool above the mean of the candidates: scores are comparable only so. */
  score(tool: string, query: string, decision: Partial<Decision> = {}): number {
    const ranked = this.learner.rank({ query, session: null, available: TOOLS, ...decision });
    const mean = ranked.reduce((sum, { score }) => sum + score / ranked.length, 0);
    return (ranked.find(({ tool_name }) => tool_name === tool)?.score ?? Number.NaN) - mean;
  }
}

/** The favourite here is the bank, with the exchange as an alternative; elsewhere it is the translator. */
function settled(rounds = 30): Log {
  const log = new Log();
  for (let n = 0; n < rounds; n++) {
    log.call('bank', HERE);
    log.call('translator', ELSEWHERE);
    if (n % 3 === 0) log.call('exchange', HERE);
    if (n % 3 === 0) log.call('bank', ELSEWHERE);
  }
  return log;
}

describe('a favourite that starts to fail', () => {
  test('falls behind the alternative after five failures, there and only there', () => {
    const log = settled();
    const elsewhere = log.order(ELSEWHERE);
    expect(log.order(HERE)[0]).toBe('bank');
    for (let n = 0; n < 5; n++) log.call('bank', HERE, { success: false });
    expect(log.order(HERE).indexOf('bank')).toBeGreaterThan(log.order(HERE).indexOf('exchange'));
    expect(log.order(ELSEWHERE)).toStrictEqual(elsewhere);
  });

  test.each([6, 12, 20])(
    'led before and leads again five successes later, after %i rounds in which it was called three times as often',
    (rounds) => {
      const log = settled(rounds);
      expect(log.order(HERE)[0]).toBe('bank');
      for (let n = 0; n < 5; n++) log.call('bank', HERE, { success: false });
      expect(log.order(HERE)[0]).toBe('exchange');
      for (let n = 0; n < 5; n++) log.call('bank', HERE);
      expect(log.order(HERE)[0]).toBe('bank');
    },
  );

  test('does so when all five failures were of one session, in that session and in others', () => {
    const log = settled();
    for (let n = 0; n < 5; n++) log.call('bank', HERE, { success: false, session: 's' });
    expect(log.order(HERE, { session: 's' })[0]).not.toBe('bank');
    expect(log.order(HERE).indexOf('bank')).toBeGreaterThan(log.order(HERE).indexOf('exchange'));
  });

  test('comes back within three successes', () => {
    const log = settled();
    for (let n = 0; n < 5; n++) log.call('bank', HERE, { success: false });
    for (let n = 0; n < 3; n++) log.call('bank', HERE);
    expect(log.order(HERE)[0]).toBe('bank');
  });

  test('loses confidence with every failure', () => {
    const log = settled();
    const confidence = () =>
      log.learner.rank({ query: HERE, session: null, available: TOOLS }).find(({ tool_name }) => tool_name === 'bank')?.confidence ?? 0;
    const course = [confidence()];
    for (let n = 0; n < 4; n++) {
      log.call('bank', HERE, { success: false });
      course.push(confidence());
    }
    for (const [at, now] of course.entries()) expect(now).toBeLessThan(course[at - 1] ?? 1);
  });
});

describe('a rating', () => {
  function afterCalls(rating: number | null): number {
    const log = settled();
    for (let n = 0; n < 3; n++) log.call('bank', HERE, { rating });
    return log.score('bank', HERE);
  }

  test('of 1 lowers the score of its tool here, and a rating of 5 does not', () => {
    const before = settled().score('bank', HERE);
    expect(afterCalls(1)).toBeLessThan(before);
    expect(afterCalls(5)).toBeGreaterThanOrEqual(before);
    expect(afterCalls(5)).toBeGreaterThan(afterCalls(null));
  });

  test('of 1 or 2 makes a success evidence against its tool, so that its request casts no vote for it', () => {
    const votes = [1, 2, 3, null].map((rating) => {
      const log = settled();
      log.call('bank', 'bake a cake', { rating });
      const ranked = log.learner.rank({ query: 'bake a cake', session: null, available: TOOLS });
      return ranked.find(({ tool_name }) => tool_name === 'bank')?.parts.find(({ name }) => name === 'similar_requests')?.value !== 0;
    });
    expect(votes).toStrictEqual([false, false, true, true]);
  });

  test('of 1 leaves the order elsewhere as it was', () => {
    const log = settled();
    const elsewhere = log.order(ELSEWHERE);
    for (let n = 0; n < 3; n++) log.call('bank', HERE, { rating: 1 });
    expect(log.order(ELSEWHERE)).toStrictEqual(elsewhere);
  });

  test.each([
    [1, true],
    [2, true],
    [5, true],
    [5, false],
    [1, false],
  ])('of %i that comes late (success: %s) changes the next ranking in the direction of one that came at once', (rating, success) => {
    const [plain, late, at_once] = [settled(), settled(), settled()];
    for (let n = 0; n < 3; n++) {
      plain.call('bank', HERE, { success });
      late.rate(late.call('bank', HERE, { success }), rating);
      at_once.call('bank', HERE, { success, rating });
    }
    const without = plain.score('bank', HERE);
    expect(Math.sign(at_once.score('bank', HERE) - without)).toBe(Math.sign(rating - 3));
    expect(Math.sign(late.score('bank', HERE) - without)).toBe(Math.sign(rating - 3));
  });

  test('that is taken back lets the score rise again', () => {
    const log = settled();
    const event = log.call('bank', HERE);
    const bad = log.rate(event, 1).score('bank', HERE);
    const good = log.rate({ ...event, rating: 1, reward: event.reward - 4 }, 5).score('bank', HERE);
    expect(good).toBeGreaterThan(bad);
  });
});

describe('an episode', () => {
  /** How far B stands before C after A, when half of the sessions went A, B and half A, C. */
  function lead(of_b: Outcome, of_c: Outcome): number {
    const log = new Log();
    for (let n = 0; n < 8; n++) {
      const session = `episode ${n}`;
      for (const tool of ['bank', n % 2 === 0 ? 'exchange' : 'translator']) log.call(tool, HERE, { session });
      log.end(session, n % 2 === 0 ? of_b : of_c);
    }
    const asked = { recent_tools: ['bank'] };
    return log.score('exchange', HERE, asked) - log.score('translator', HERE, asked);
  }

  test('that failed lowers what its steps taught, against one that succeeded; a partial one stands between', () => {
    expect(lead('success', 'failure')).toBeGreaterThan(lead('success', 'partial'));
    expect(lead('success', 'partial')).toBeGreaterThan(lead('success', 'success'));
    expect(lead('success', 'success')).toBeGreaterThan(lead('failure', 'success'));
    expect(lead('success', 'failure')).toBeGreaterThan(0);
    expect(lead('failure', 'success')).toBeLessThan(0);
  });

  test('ends its session: the next call of that name starts anew', () => {
    const log = settled();
    log.call('bank', HERE, { session: 's' });
    const fresh = log.score('exchange', ELSEWHERE);
    expect(log.score('exchange', ELSEWHERE, { session: 's' })).not.toBe(fresh);
    log.end('s', 'success');
    expect(log.score('exchange', ELSEWHERE, { session: 's' })).toBe(log.score('exchange', ELSEWHERE));
  });
});
