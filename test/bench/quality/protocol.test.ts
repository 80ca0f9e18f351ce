import { describe, expect, it } from 'vitest';
import { baselines } from '../../../bench/quality/entrants.ts';
import { validate } from '../../../bench/quality/protocol.ts';
import type { RecordedSession } from '../../../bench/quality/sources.ts';
import { failed, right, session, source, witness } from './sources.ts';

/** The ranks that popularity, repeat previous and Markov give, call by call. */
function ranksOf(sessions: readonly RecordedSession[]): (readonly number[])[] {
  const entrants = baselines(1).filter(({ name }) => ['popularity', 'repeat previous', 'markov'].includes(name));
  return validate(source(sessions), 1, entrants).map(({ ranks }) => ranks);
}

describe('the next-tool protocol', () => {
  it('asks before it shows, in the order of the session', () => {
    const learner = witness();
    const one = session([right('b', 'q1'), right('c', 'q2')], { query: 'hello', outcome: 'partial', reward: 0.5 });
    validate(source([one], [{ name: 'a', description: 'd' }]), 1, [learner]);
    const available = ['a', 'b', 'c'];
    const call = { kind: 'execution', session: '0', success: true, reward: 10, rating: null, available, time_ms: 100 };
    expect(learner.seen).toEqual([
      { kind: 'registration', tool: 'a', description: 'd', input_schema: undefined },
      { kind: 'request', session: '0', query: 'hello' },
      { query: 'q1', session: '0', recent_tools: [], available },
      { ...call, seq: 0, tool: 'b', query: 'q1' },
      { query: 'q2', session: '0', recent_tools: ['b'], previous_tool: 'b', available },
      { ...call, seq: 1, tool: 'c', query: 'q2' },
      { kind: 'episode', session: '0', outcome: 'partial', reward: 0.5, tools: ['b', 'c'] },
    ]);
  });

  it('asks the first message only where it is not the first call’s own', () => {
    const requests = (query: string) => {
      const learner = witness();
      validate(source([session([right('a', 'q1')], { query })]), 1, [learner]);
      return learner.seen.filter((each) => 'kind' in each && each.kind === 'request').length;
    };
    expect([requests('q1'), requests('another'), requests('')]).toEqual([0, 1, 0]);
  });

  it('gives the ranks that are right by hand', () => {
    expect(ranksOf([session(['b', 'b', 'c', 'b', 'c'].map((tool) => right(tool)))])).toEqual([
      [2, 2, 2], // nothing known: the caller's order
      [1, 1, 1], // b 1
      [3, 3, 3], // b 2, b→b
      [1, 2, 1], // b 2, c 1; after c nothing has followed
      [2, 2, 2], // b 3, c 1; b→b, b→c and b is more popular
    ]);
  });

  it('ranks a tool that was not on offer one past the last', () => {
    expect(ranksOf([session([right('z')])])).toEqual([[4, 4, 4]]);
  });

  it('judges no failed call, but teaches it', () => {
    const learner = witness();
    const judged = validate(source([session([failed('b'), right('b'), right('a')])]), 1, [learner]);
    expect(judged.map(({ ranks, repeats, confidences }) => ({ ranks, repeats, confidences }))).toEqual([
      { ranks: [2], repeats: true, confidences: [0.5] },
      { ranks: [1], repeats: false, confidences: [0.5] },
    ]);
    expect(learner.seen.find((each) => 'kind' in each && each.kind === 'execution')).toMatchObject({ success: false, reward: -5 });
  });

  it('judges no call of a session that is labelled a failure, but teaches it', () => {
    const learner = witness();
    const sessions = [session([right('a')], { outcome: 'failure' }), session([right('b')], { outcome: 'success' })];
    expect(validate(source(sessions), 1, [learner]).map(({ ranks }) => ranks)).toEqual([[2]]);
    expect(learner.seen.filter((each) => 'kind' in each && each.kind === 'execution')).toHaveLength(2);
  });

  it('takes every session once, in an order that the seed decides, and names it whatever the order', () => {
    const sessions = Array.from({ length: 12 }, (_, at) => session([right('a')], { query: `q${at}` }));
    const orderOf = (seed: number) => validate(source(sessions), seed, [witness()]).map((judgement) => judgement.session);
    expect(orderOf(1).toSorted()).toEqual(sessions.map((_, at) => String(at)).toSorted());
    expect(orderOf(1)).toEqual(orderOf(1));
    expect(orderOf(1)).not.toEqual(orderOf(2));
    expect(orderOf(1)).toEqual(DRIVERS_ORDER);
  });

  it('reports names and texts in the form that the server accepts', () => {
    const learner = witness();
    const one = session([right('a b', 'x'.repeat(9_000))], { available_tools: ['a b'] });
    validate(source([one], [{ name: 'ä'.repeat(200), description: 'd'.repeat(2_000) }]), 1, [learner]);
    const [registered, , decision] = learner.seen;
    expect(registered).toMatchObject({ tool: '_'.repeat(128), description: 'd'.repeat(1_000) });
    expect(decision).toMatchObject({ query: 'x'.repeat(8_000), available: ['a_b'] });
  });
});

/** `shuffle([0, …, 11], 1)` of shared/eval/next-tool.mjs. */
const DRIVERS_ORDER = ['4', '10', '2', '6', '9', '3', '1', '11', '8', '5', '0', '7'];
