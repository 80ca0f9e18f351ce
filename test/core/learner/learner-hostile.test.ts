import { describe, expect, test } from 'vitest';
import { Learner } from '../../../src/core/learner/learner.ts';
import type { Decision } from '../../../src/core/learner/log-event.ts';
import { call, ended, registered } from '../evaluation/log.ts';

const MANY = Array.from({ length: 500 }, (_, at) => `server_${at % 9}.tool_${at}`);

/** A learner that has been through everything that might upset one. */
function tried(): Learner {
  const learner = new Learner(3);
  learner.observe(registered('__proto__', 'sets the prototype'));
  learner.observe(registered('constructor', 'x'.repeat(8_000)));
  learner.observe(call('__proto__', { query: 'set the prototype', available: ['__proto__', 'constructor'] }));
  learner.observe(call('only', { query: '', available: ['only'], success: false }));
  learner.observe(call('nowhere', { query: 'word '.repeat(1_600), available: [], session: '__proto__' }));
  learner.observe(call('twice', { query: 'twice', available: ['twice', 'twice', 'once', 'once'] }));
  learner.observe(call('tool', { query: '日本語 🤷 \u0000 \ud800', available: ['tool', ''], rating: 1 }));
  learner.observe(call('', { query: null, available: null, reward: -1e3 }));
  learner.observe(call(MANY[3] ?? '', { query: 'one of many', available: MANY }));
  learner.observe({ kind: 'rating', seq: 1e9, rating: 1, reward: -9 });
  learner.observe(ended('failure', 'a session that never was'));
  learner.observe(ended('partial', '__proto__'));
  return learner;
}

function expectSound(learner: Learner, decision: Decision): void {
  const ranked = learner.rank(decision);
  expect(ranked.map(({ tool_name }) => tool_name).sort()).toStrictEqual([...decision.available].sort());
  const prospects = learner.prospects(decision);
  expect(prospects).toHaveLength(decision.available.length);
  for (const { score, confidence, parts, reason } of ranked) {
    expect([score, confidence, ...parts.map(({ value }) => value)].every(Number.isFinite)).toBe(true);
    expect(reason.length).toBeGreaterThan(0);
  }
  for (const prospect of prospects) {
    expect(Object.values(prospect).every(Number.isFinite)).toBe(true);
    expect(prospect.not_ruled_out).toBeLessThanOrEqual(0);
  }
}

describe('a learner that was shown hostile input', () => {
  test.each<[string, Partial<Decision>]>([
    ['an empty query', { query: '' }],
    ['no query', { query: null }],
    ['a query of 8,000 characters', { query: 'set the prototype '.repeat(445) }],
    ['a query of one word of 8,000 characters', { query: 'z'.repeat(8_000) }],
    ['a query that is no text at all', { query: '\u0000\ud800 🤷 () [] {} \\' }],
    ['a session that is not known', { session: 'nobody' }],
    ['a session by the name of __proto__', { session: '__proto__' }],
    ['recent tools that nobody knows', { recent_tools: ['?', '__proto__', '?'] }],
    ['a hundred recent tools', { recent_tools: MANY.slice(0, 100) }],
    ['a previous tool by the name of __proto__', { previous_tool: '__proto__' }],
    ['no candidates', { available: [] }],
    ['one candidate', { available: ['only'] }],
    ['candidates given twice', { available: ['twice', 'once', 'twice', '__proto__', '__proto__'] }],
    ['500 candidates', { available: MANY }],
    ['500 candidates that nobody knows', { available: MANY.map((name) => `${name}!`) }],
  ])('ranks on %s with finite numbers', (_, decision) => {
    expectSound(LEARNER, { query: 'set the prototype', session: 's', available: ['__proto__', 'constructor', 'toString'], ...decision });
  });

  test('says the same of a candidate that is given twice', () => {
    const asked = { query: 'twice', session: null, available: ['twice', 'once', 'twice'] };
    LEARNER.observe(call('twice', { query: 'twice', available: ['twice', 'once'], success: false }));
    const [first, , second] = LEARNER.prospects(asked);
    expect(first).toStrictEqual(second);
    const scores = LEARNER.rank(asked)
      .filter(({ tool_name }) => tool_name === 'twice')
      .map(({ score }) => score);
    expect(scores[0]).toBe(scores[1]);
  });

  test('knows a tool by the name of __proto__ as any other', () => {
    const [best] = LEARNER.rank({ query: 'set the prototype', session: null, available: ['toString', 'constructor', '__proto__'] });
    expect(best?.tool_name).toBe('__proto__');
  });

  test('does not let a rating of an execution it never saw change anything', () => {
    const [one, other] = [tried(), tried()];
    const asked = { query: 'twice', session: 's', available: ['twice', 'once', 'tool'] };
    other.observe({ kind: 'rating', seq: 1e9 + 1, rating: 5, reward: 14 });
    expect(other.rank(asked)[0]?.score).toBeTypeOf('number');
    expect(one.rank(asked).map(({ tool_name }) => tool_name)).toStrictEqual(other.rank(asked).map(({ tool_name }) => tool_name));
  });
});

const LEARNER = tried();
