import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBetweenTokens, cutText } from '../../../src/core/redaction/cut.ts';
import { keepJson, keepText } from '../../../src/core/redaction/keep.ts';
import { redactJson } from '../../../src/core/redaction/redact-json.ts';
import { redactSchema } from '../../../src/core/redaction/redact-schema.ts';
import { shapeOf } from '../../../src/core/redaction/shape.ts';

const GONE = '[redacted:sensitive-key]';
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

describe('arguments', () => {
  it('lose the values of sensitive names, at any depth, and nothing else', () => {
    const args = {
      path: '/tmp/a',
      author: 'Ann',
      max_tokens: 100,
      auth: { user: 'ann', retries: 3, strict: true },
      list: [{ api_key: 'k', n: null }],
    };
    expect(redactJson(args)).toEqual({
      path: '/tmp/a',
      author: 'Ann',
      max_tokens: 100,
      auth: { user: GONE, retries: GONE, strict: true },
      list: [{ api_key: GONE, n: null }],
    });
  });

  it('lose tokens in texts and in names, and stay as many', () => {
    const other = `ghp_${'Z9y8'.repeat(9)}`;
    expect(redactJson({ note: `use ${TOKEN}`, [TOKEN]: 1, [other]: 2 })).toEqual({
      note: 'use [redacted:github-token]',
      '[redacted:github-token]': 1,
      '[redacted:github-token] 2': 2,
    });
  });

  it('lose values that another field or the item before names', () => {
    expect(
      redactJson({
        headers: [
          { name: 'X-Api-Key', value: 'abc' },
          { name: 'Accept', value: '*/*' },
        ],
      }),
    ).toEqual({
      headers: [
        { name: 'X-Api-Key', value: GONE },
        { name: 'Accept', value: '*/*' },
      ],
    });
    expect(redactJson({ argv: ['login', '--password', 'hunter2', '--user', 'ann'] })).toEqual({
      argv: ['login', '--password', GONE, '--user', 'ann'],
    });
  });

  it('have their own names, whatever these are', () => {
    const args = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as object;
    const kept = redactJson(args) as object;
    expect(JSON.stringify(kept)).toBe(JSON.stringify(args));
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  });

  it('are cut, with a mark: long texts, deep nesting, many names, many items, much in all', () => {
    expect(redactJson({ text: 'word '.repeat(1000) })).toEqual({ text: expect.stringMatching(/^(word ){818}\[cut\]$/) });
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`) as object;
    expect(JSON.stringify(redactJson(deep))).toBe(`${'{"a":'.repeat(16)}"[cut]"${'}'.repeat(16)}`);
    const wide = Object.fromEntries(Array.from({ length: 130 }, (_, n) => [`k${n}`, n]));
    expect(Object.entries(redactJson(wide) as object).slice(-2)).toEqual([
      ['k99', 99],
      ['[cut]', 30],
    ]);
    expect((redactJson({ list: Array(2000).fill(1) }) as { list: unknown[] }).list.slice(999)).toEqual([1, '[cut]']);
    const much = { list: Array(40).fill('word '.repeat(800)) };
    expect(JSON.stringify(redactJson(much)).length).toBeLessThan(70_000);
    expect(JSON.stringify(redactJson(much))).toContain('"[cut]"');
  });

  it('are never cut through a secret', () => {
    for (let length = 4000; length < 4110; length++) {
      const text = `${'a '.repeat(2050).slice(0, length)} ${TOKEN} ${'b '.repeat(400)}`;
      expect(JSON.stringify(redactJson({ text }))).not.toContain('ghp_');
    }
  });
});

describe('a schema', () => {
  it('may have a property called password, but no value for it', () => {
    const schema = {
      type: 'object',
      properties: {
        password: { type: 'string', description: 'The password', default: 'hunter2', examples: ['x'] },
        unit: { enum: ['EUR'] },
      },
      required: ['password'],
    };
    expect(redactSchema(schema)).toEqual({
      ...schema,
      properties: { password: { type: 'string', description: 'The password', default: GONE, examples: [GONE] }, unit: { enum: ['EUR'] } },
    });
    expect(JSON.stringify(redactSchema({ description: `e.g. ${TOKEN}` }))).not.toContain(TOKEN);
  });
});

describe('the shape', () => {
  it('tells names, types and lengths', () => {
    const value = { path: '/tmp/a/b/c/de', n: 1.5, on: true, none: null, list: ['a', { b: 'cc' }], [TOKEN]: 1 };
    expect(shapeOf(value)).toEqual({
      path: 'string(13)',
      n: 'number()',
      on: 'boolean()',
      none: 'null()',
      list: ['string(1)', { b: 'string(2)' }],
      '[redacted:github-token]': 'number()',
    });
  });

  it('holds no value: another with the same names, types and lengths has the same shape', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.double()), (texts, numbers) => {
        const of = (text: (value: string) => string, number: number) => ({ texts: texts.map(text), numbers: numbers.map(() => number) });
        expect(shapeOf(of((text) => text, 1))).toEqual(shapeOf(of((text) => 'x'.repeat(text.length), 2)));
      }),
    );
  });
});

describe('the modes', () => {
  it('keep nothing, the shape, all but secrets, or all', () => {
    const text = `use ${TOKEN}`;
    expect((['none', 'shape', 'redacted', 'full'] as const).map((mode) => keepText(text, mode))).toEqual([
      null,
      'string(44)',
      'use [redacted:github-token]',
      text,
    ]);
    expect((['none', 'shape', 'redacted', 'full'] as const).map((mode) => keepJson({ text }, mode))).toEqual([
      null,
      { text: 'string(44)' },
      { text: 'use [redacted:github-token]' },
      { text },
    ]);
  });

  it('cut long texts with a mark, never through a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 20 }), fc.integer({ min: 8, max: 40 }), (text, longest) => {
        for (const cut of [cutText(text, longest), cutBetweenTokens(text, longest), keepText(text, 'redacted', longest) ?? '']) {
          expect(cut.length).toBeLessThanOrEqual(Math.max(longest, 40));
          expect(cut.isWellFormed()).toBe(true);
        }
        expect(cutText(text, longest).endsWith('[cut]')).toBe(text.length > longest);
      }),
    );
  });
});
