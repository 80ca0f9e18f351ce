import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Example, SUGGESTED_SHARE, suggestParameters } from '../../src/core/parameters.ts';

const example = (part: Partial<Example> = {}): Example => ({ arguments: {}, user_rating: null, query: null, age: 0, ...part });

function suggest(examples: readonly Example[], request: { query?: string; partial_args?: Record<string, unknown>; limit?: number } = {}) {
  return suggestParameters({
    examples,
    partial_args: request.partial_args ?? {},
    query: request.query ?? null,
    limit: request.limit ?? 100,
  });
}

const values = (...all: readonly unknown[]) => all.map((value, age) => example({ arguments: { unit: value }, age }));

test('without examples the caller keeps what it has, with no confidence', () => {
  expect(suggest([], { partial_args: { x: 1 } })).toEqual({
    suggested_params: { x: 1 },
    confidence: 0,
    reason: 'No successful historical data',
    sample_size: 0,
    parameters: [],
  });
});

test('the value of the majority is suggested, with its support and share', () => {
  const { suggested_params, parameters, reason, sample_size } = suggest(values('EUR', 'USD', 'EUR', 'EUR'));
  expect(suggested_params).toEqual({ unit: 'EUR' });
  expect(parameters).toMatchObject([{ name: 'unit', value: 'EUR', support: 3 }]);
  expect(parameters[0]?.share).toBeCloseTo(0.75, 1);
  expect([reason, sample_size]).toEqual(['Based on 4 successful executions', 4]);
});

test('a parameter without a majority is told but not suggested', () => {
  const { suggested_params, parameters } = suggest(values('a', 'b', 'c'));
  expect(suggested_params).toEqual({});
  expect(parameters).toMatchObject([{ name: 'unit', value: 'a', support: 1 }]);
});

test('a parameter that most calls left out is not suggested', () => {
  const examples = [example({ arguments: { verbose: true } }), ...[1, 2, 3].map((age) => example({ age }))];
  expect(suggest(examples).suggested_params).toEqual({});
});

test('what the caller decided wins', () => {
  const { suggested_params, parameters } = suggest(values('EUR', 'EUR'), { partial_args: { unit: 'GBP' } });
  expect(suggested_params).toEqual({ unit: 'GBP' });
  expect(parameters).toEqual([]);
});

test('newer calls weigh more: a new habit replaces an old one of the same length', () => {
  expect(suggest(values(...Array(30).fill('new'), ...Array(30).fill('old'))).suggested_params).toEqual({ unit: 'new' });
});

test('well rated calls weigh more than badly rated ones', () => {
  const rated = (unit: string, user_rating: number) => example({ arguments: { unit }, user_rating });
  expect(suggest([rated('bad', 1), rated('bad', 1), rated('good', 5)]).suggested_params).toEqual({ unit: 'good' });
});

test('calls for a request like this weigh more', () => {
  const asked = (unit: string, query: string) => example({ arguments: { unit }, query });
  const examples = [
    asked('km', 'distance to the harbour'),
    asked('km', 'distance to the station'),
    asked('EUR', 'convert currency balance'),
  ];
  expect(suggest(examples, { query: 'convert the currency balance' }).suggested_params).toEqual({ unit: 'EUR' });
  expect(suggest(examples).suggested_params).toEqual({ unit: 'km' });
});

test('objects with their keys in another order are the same value', () => {
  const { parameters } = suggest(values({ from: 1, to: { b: 2, a: 1 } }, { to: { a: 1, b: 2 }, from: 1 }));
  expect(parameters).toMatchObject([{ support: 2, share: 1 }]);
});

test('a document is no setting', () => {
  expect(suggest(values('x'.repeat(5000), 'x'.repeat(5000))).parameters).toEqual([]);
});

test('a parameter named __proto__ is a name like any other', () => {
  const arguments_ = JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, unknown>;
  const { suggested_params } = suggest([example({ arguments: arguments_ }), example({ arguments: arguments_ })]);
  expect(Object.keys(suggested_params)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(suggested_params)).toBe(Object.prototype);
});

test('only the newest examples within the limit are looked at, in whatever order they come', () => {
  const { suggested_params, sample_size } = suggest(values('new', 'new', 'old', 'old', 'old').toReversed(), { limit: 2 });
  expect([suggested_params, sample_size]).toEqual([{ unit: 'new' }, 2]);
});

test('confidence grows with the examples and falls with the failures between them', () => {
  const confidences = [1, 2, 5, 40].map((count) => suggest(values(...Array(count).fill('EUR'))).confidence);
  expect(confidences).toEqual(confidences.toSorted((a, b) => a - b));
  expect(confidences[0]).toBeCloseTo(0.5, 12);
  const attempts = suggestParameters({ examples: values('EUR', 'EUR'), partial_args: {}, query: null, limit: 100, attempts: 4 });
  expect(attempts.confidence).toBeCloseTo((confidences[1] ?? 0) / 2, 12);
});

test('shares and confidence are probabilities, and exactly the parameters with a majority are suggested', () => {
  const anyExample = fc.record({
    arguments: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom(1, 'x', null, [2])),
    user_rating: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    query: fc.option(fc.constantFrom('convert currency', 'close books'), { nil: null }),
    age: fc.nat(1_000_000),
  });
  fc.assert(
    fc.property(fc.array(anyExample, { maxLength: 20 }), fc.option(fc.constant('convert currency'), { nil: null }), (examples, query) => {
      const got = suggestParameters({ examples, partial_args: {}, query, limit: 100 });
      expect(got.confidence).toBeGreaterThanOrEqual(0);
      expect(got.confidence).toBeLessThanOrEqual(1);
      for (const { share } of got.parameters) expect(share >= 0 && share <= 1).toBe(true);
      const majorities = got.parameters.filter(({ share }) => share >= SUGGESTED_SHARE).map(({ name }) => name);
      expect(Object.keys(got.suggested_params).toSorted()).toEqual(majorities.toSorted());
    }),
  );
});
