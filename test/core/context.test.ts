import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTEXT_LEVELS, canonicalContext, contextId, encodeContexts, referenceKeywords, requestKeywords } from '../../src/core/context.ts';
import { DOMAIN_KEYWORDS } from '../../src/core/hyperparameters.ts';
import { sha256 } from '../golden/support.ts';

const encode = (query: string, previous_tool: string | null = null, session_length = 0) =>
  encodeContexts({ query, previous_tool, session_length }, DOMAIN_KEYWORDS, sha256);

describe('referenceKeywords', () => {
  test('take domain words anywhere and the first five words, each once', () => {
    expect(referenceKeywords('Important database a a b c d', DOMAIN_KEYWORDS)).toStrictEqual([
      'a',
      'b',
      'data',
      'database',
      'import',
      'important',
    ]);
    expect(referenceKeywords('Important database', [])).toStrictEqual(['database', 'important']);
  });

  test('are sorted by code point, astral ones last and a lone surrogate in between', () => {
    const query = '\u{1f600} \uff5e \ud83d \ue000 z';
    expect(referenceKeywords(query, [])).toStrictEqual(['z', '\ud83d', '\ue000', '\uff5e', '\u{1f600}']);
  });
});

describe('canonicalContext', () => {
  test('is printable ASCII and reads back as the same state, whatever the text', () => {
    // Any UTF-16 unit, so control characters and lone surrogates too.
    const unit = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }));
    const text = fc.array(unit, { maxLength: 60 }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(text, fc.option(text, { nil: null }), fc.integer(), (query, previous_tool, session_length) => {
        const canonical = canonicalContext({ query, previous_tool, session_length }, DOMAIN_KEYWORDS);
        expect(canonical).toMatch(/^[ -~]+$/);
        expect(JSON.parse(canonical)).toStrictEqual({
          keywords: referenceKeywords(query, DOMAIN_KEYWORDS),
          previous_tool: previous_tool ?? '',
          session_length,
        });
      }),
    );
  });
});

describe('encodeContexts', () => {
  test('fault 21: what is learned on one entity holds for the next, except in the exact context', () => {
    const one = encode('balance for entity 12', 'a', 1);
    const other = encode('balance for entity 777', 'a', 1);
    expect(other.request).toBe(one.request);
    expect(other.step).toBe(one.step);
    expect(other.exact).not.toBe(one.exact);
  });

  test('fault 20: neither punctuation nor word order nor inflection makes another request', () => {
    expect(encode('hello?').request).toBe(encode('hello').request);
    expect(encode('Show me the balances of the account!').request).toBe(encode('account balance: show').request);
    expect(encode('important database').request).not.toBe(encode('import data').request);
  });

  test('each level forgets what it should: length, then the previous tool, then the request', () => {
    const base = encode('read the notes', 'a', 1);
    expect(encode('read the notes', 'a', 2)).toStrictEqual({ ...base, exact: expect.not.stringMatching(base.exact) });
    const after = encode('read the notes', 'b', 1);
    expect(after.request).toBe(base.request);
    expect(after.step).not.toBe(base.step);
    expect(after.previous).not.toBe(base.previous);
    expect(encode('send mail', 'a', 9).previous).toBe(base.previous);
  });

  test('the levels of one state never share a hash', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.option(fc.string({ maxLength: 10 }), { nil: null }), (query, previous) => {
        const hashes = encode(query, previous);
        expect(Object.keys(hashes).sort()).toStrictEqual([...CONTEXT_LEVELS].sort());
        expect(new Set(Object.values(hashes)).size).toBe(CONTEXT_LEVELS.length);
      }),
    );
  });

  test.each(['"', '“', 'A', ' x', '\u0301', '/', "'a "])('8,000 characters of %j take under 50 ms', (unit) => {
    const query = unit.repeat(8000 / unit.length);
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      encode(query);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

test('requestKeywords are distinct and sorted', () => {
  expect(requestKeywords('Read notes, then read the files 7 and 8')).toStrictEqual(['fil', 'not', 'read']);
});

test('contextId is the first 52 bits of the hash, a safe integer', () => {
  expect(contextId('f'.repeat(64))).toBe(2 ** 52 - 1);
  expect(contextId(`0000000000001${'f'.repeat(51)}`)).toBe(1);
  expect(Number.isSafeInteger(contextId(sha256('x')))).toBe(true);
});
