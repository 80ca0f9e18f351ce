import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashText } from '../../../src/core/hashing.ts';
import { cut, NO_QUERY, parseQuery, QueryCache, trigramsOf } from '../../../src/core/learner/query.ts';

describe('a parsed query', () => {
  test('has the stems of its content words once each, in the order of their first appearance', () => {
    const { terms } = parseQuery('List the files, then list all of the other files');
    expect(terms).toStrictEqual(['list', 'fil', 'other'].map(hashText));
  });

  test('has the pairs of neighbouring words, which depend on their order', () => {
    expect(parseQuery('send mail').bigrams).toHaveLength(1);
    expect(parseQuery('send mail').bigrams).not.toStrictEqual(parseQuery('mail send').bigrams);
    expect(parseQuery('send mail send mail').bigrams).toHaveLength(2);
  });

  test('asks the same where only literals and the order of words differ, and something else where a word does', () => {
    const { request } = parseQuery('balance for entity 777 on 2024-05-01');
    expect(parseQuery('the balance for the entity "Paris"').request).toBe(request);
    expect(parseQuery('for entity 12 the balance').request).toBe(request);
    expect(parseQuery('report for entity 777').request).not.toBe(request);
    expect(parseQuery('balance').request).not.toBe(request);
  });

  test('keeps all of its text but reads only the first 2,000 characters', () => {
    const start = 'word '.repeat(400);
    const [short, long] = [parseQuery(start), parseQuery(`${start}something else entirely`)];
    expect(long.terms).toStrictEqual(short.terms);
    expect(long.text).toHaveLength(2_023);
    expect(long.key).not.toBe(short.key);
    expect(cut(long.text)).toBe(start);
  });

  test('of an empty text has nothing in it, as no query', () => {
    const { terms, bigrams, request } = parseQuery('');
    expect([terms, bigrams, request]).toStrictEqual([NO_QUERY.terms, NO_QUERY.bigrams, NO_QUERY.request]);
  });
});

describe('the trigrams of a text', () => {
  test('are shared by a word and its misspelling, and start and end at a blank', () => {
    const [right, wrong, other] = ['transfer', 'tranfser', 'holiday'].map((text) => new Set(trigramsOf(text)));
    expect([...(right ?? [])].filter((trigram) => wrong?.has(trigram)).length).toBeGreaterThanOrEqual(4);
    expect([...(right ?? [])].filter((trigram) => other?.has(trigram))).toStrictEqual([]);
    expect(trigramsOf('ab')).toHaveLength(2);
  });
});

describe('the cache of queries', () => {
  test('answers as the parser does, and is asked as often as one likes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('one', 'two', 'three', 'four', '__proto__'), { maxLength: 20 }), (texts) => {
        const cache = new QueryCache(2);
        for (const text of texts) expect(cache.parse(text)).toStrictEqual(parseQuery(text));
      }),
      { numRuns: 30 },
    );
  });

  test('keeps the latest and forgets the oldest', () => {
    const cache = new QueryCache(2);
    const [one, two] = [cache.parse('one'), cache.parse('two')];
    expect(cache.parse('one')).toBe(one);
    cache.parse('three');
    expect(cache.parse('two')).toBe(two);
    expect(cache.parse('one')).not.toBe(one);
  });
});
