import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Learner } from '../../../src/core/learner/learner.ts';
import type { Decision, LogEvent } from '../../../src/core/learner/log-event.ts';

const TOOLS = ['mail.send', 'mail.search', 'files.read', 'files.write', '__proto__'];
const QUERIES = ['send the report by mail', 'read the file', 'write a file', 'search my mail for the report', 'read file 777', ''];
const SESSIONS = ['s', 't', 'constructor'];

const tool = fc.constantFrom(...TOOLS, 'never registered');
const session = fc.constantFrom(...SESSIONS);
const query = fc.option(fc.constantFrom(...QUERIES), { nil: null });

const registration = fc.record({
  kind: fc.constant('registration' as const),
  tool,
  description: fc.option(fc.constantFrom('sends a mail', 'reads a file', 'finds the mails that match', ''), { nil: null }),
  input_schema: fc.constantFrom(null, { properties: { file_name: {}, __proto__: {} } }),
});
const request = fc.record({ kind: fc.constant('request' as const), session, query: fc.constantFrom(...QUERIES) });
const call = fc
  .record({
    session,
    tool,
    success: fc.boolean(),
    rating: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    query,
    available: fc.option(fc.subarray(TOOLS), { nil: null }),
    time_ms: fc.option(fc.nat(5_000), { nil: null }),
  })
  .map((known) => ({ kind: 'execution' as const, seq: 0, ...known, reward: (known.success ? 10 : -5) + 2 * ((known.rating ?? 3) - 3) }));
const rating = fc.record({
  kind: fc.constant('rating' as const),
  seq: fc.nat(60),
  rating: fc.integer({ min: 1, max: 5 }),
  reward: fc.integer({ min: -9, max: 14 }),
});
const episode = fc.record({
  kind: fc.constant('episode' as const),
  session,
  outcome: fc.constantFrom('success', 'partial', 'failure'),
  reward: fc.constant(0),
  tools: fc.constant([]),
});

const event: fc.Arbitrary<LogEvent> = fc.oneof(
  { weight: 2, arbitrary: registration },
  { weight: 2, arbitrary: request },
  { weight: 12, arbitrary: call },
  { weight: 2, arbitrary: rating },
  { weight: 2, arbitrary: episode },
);
/** A log: the place of each execution in it counts up; most ratings are of an execution shortly before. */
function numbered(events: readonly LogEvent[]): LogEvent[] {
  return events.map((of, seq) => {
    if (of.kind === 'rating') return { ...of, seq: seq - 1 - (of.seq % 6) };
    return of.kind === 'execution' ? { ...of, seq } : of;
  });
}

const log = fc.array(event, { minLength: 1, maxLength: 60 }).map(numbered);
const LONG_LOG = numbered(fc.sample(fc.array(event, { minLength: 300, maxLength: 300 }), { numRuns: 1, seed: 5 }).flat());
/** Where in it an execution is rated. */
const RATINGS = [...LONG_LOG.keys()].filter((at) => {
  const of = LONG_LOG[at];
  return of?.kind === 'rating' && LONG_LOG[of.seq]?.kind === 'execution';
});
const decision: fc.Arbitrary<Decision> = fc.record(
  {
    query,
    session: fc.option(session, { nil: null }),
    available: fc.subarray([...TOOLS, 'not called yet']),
    recent_tools: fc.array(tool, { maxLength: 3 }),
  },
  { requiredKeys: ['query', 'session', 'available'] },
);

const DECISIONS: readonly Decision[] = [null, ...SESSIONS].flatMap((name) =>
  QUERIES.map((asked) => ({ query: asked, session: name, available: [...TOOLS, 'not called yet'] })),
);

function taught(events: readonly LogEvent[], learner = new Learner(7)): Learner {
  for (const of of events) learner.observe(of);
  return learner;
}

/** All that a learner says, as text, in which every digit counts. */
function answers(learner: Learner): string {
  return JSON.stringify([DECISIONS.map((asked) => [learner.rank(asked), learner.prospects(asked)]), [...learner.weights()]]);
}

describe('a learner', () => {
  test('is a function of its seed and the log, bit for bit', () => {
    fc.assert(
      fc.property(log, (events) => {
        expect(answers(taught(events))).toBe(answers(taught(events)));
      }),
      { numRuns: 3 },
    );
  });

  test('differs in its numbers under another seed, which decides what is rehearsed', () => {
    const events = Array.from({ length: 20 }, (_, seq): LogEvent => {
      const [name = '', asked = ''] = [TOOLS[seq % 4], QUERIES[seq % 4]];
      return {
        kind: 'execution',
        seq,
        session: `${seq % 3}`,
        tool: name,
        success: seq % 5 > 0,
        reward: 10,
        rating: null,
        query: asked,
        available: TOOLS,
        time_ms: null,
      };
    });
    expect(answers(taught(events, new Learner(7)))).toBe(answers(taught(events, new Learner(7))));
    expect(answers(taught(events, new Learner(7)))).not.toBe(answers(taught(events, new Learner(8))));
  });

  test('is not changed by being asked, whenever and whatever', () => {
    fc.assert(
      fc.property(log, fc.array(fc.tuple(fc.nat(59), decision), { maxLength: 40 }), (events, asked) => {
        const curious = new Learner(7);
        for (const [at, of] of events.entries()) {
          for (const [when, about] of asked) {
            if (when !== at) continue;
            const first = JSON.stringify([curious.rank(about), curious.prospects(about)]);
            expect(JSON.stringify([curious.rank(about), curious.prospects(about)])).toBe(first);
          }
          curious.observe(of);
        }
        expect(answers(curious)).toBe(answers(taught(events)));
      }),
      { numRuns: 6 },
    );
  });

  test('goes on after a snapshot as if it had never been interrupted, bit for bit', () => {
    fc.assert(
      fc.property(log, fc.nat(60), (events, when) => {
        const interrupted = new Learner(7);
        interrupted.load(deserialize(serialize(taught(events.slice(0, when)).save())));
        expect(answers(taught(events.slice(when), interrupted))).toBe(answers(taught(events)));
      }),
      { numRuns: 6 },
    );
  });

  test('does so in a long log as well, interrupted right before a rating and asked now and then', () => {
    const uninterrupted = answers(taught(LONG_LOG));
    for (const when of [RATINGS[0] ?? 0, RATINGS[RATINGS.length >> 1] ?? 0]) {
      const interrupted = new Learner(7);
      interrupted.load(deserialize(serialize(taught(LONG_LOG.slice(0, when)).save())));
      for (const [at, of] of LONG_LOG.slice(when).entries()) {
        if (at % 9 === 0) for (const asked of DECISIONS.slice(at % 7, 1 + (at % 7))) interrupted.rank(asked);
        interrupted.observe(of);
      }
      expect(answers(interrupted)).toBe(uninterrupted);
    }
  });

  test('is not changed by being asked about a request before and after another came up in its session', () => {
    const learned = [0, 1, 2, 3].map((seq): LogEvent => {
      const known = { success: true, reward: 10, rating: null, available: TOOLS, time_ms: null };
      return { kind: 'execution', seq, session: `${seq}`, tool: TOOLS[seq] ?? '', query: QUERIES[seq] ?? '', ...known };
    });
    const before = [...learned, { kind: 'request', session: 's', query: 'read the file' } as const];
    const after: LogEvent = { kind: 'request', session: 's', query: 'search my mail for the report' };
    const asked: Decision = { query: 'write it', session: 's', available: TOOLS };
    const curious = taught(before);
    curious.rank(asked);
    const [one, other] = [taught([after], curious).rank(asked), taught([...before, after]).rank(asked)];
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });
});

describe('a ranking', () => {
  test('orders every candidate once, best first, each score the sum of its parts, each number finite', () => {
    fc.assert(
      fc.property(log, fc.array(decision, { minLength: 1, maxLength: 8 }), (events, asked) => {
        const learner = taught(events);
        for (const about of asked) {
          const ranked = learner.rank(about);
          expect(ranked.map(({ tool_name }) => tool_name).sort()).toStrictEqual([...about.available].sort());
          for (const [at, { score, parts, confidence, value, reason }] of ranked.entries()) {
            expect(score).toBeLessThanOrEqual(ranked[at - 1]?.score ?? Infinity);
            expect(Math.abs(parts.reduce((sum, part) => sum + part.value, 0) - score)).toBeLessThan(1e-9);
            expect([score, value, confidence, ...parts.map((part) => part.value)].every(Number.isFinite)).toBe(true);
            expect(confidence >= 0 && confidence <= 1).toBe(true);
            expect(reason).toMatch(/^[a-z0-9 .%;-]+$/);
          }
        }
      }),
      { numRuns: 10 },
    );
  });
});
