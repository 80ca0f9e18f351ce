import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, cleanJson } from '../../src/core/clean.ts';

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const tags = (text: string): string => [...text].map((character) => String.fromCodePoint(0xe0000 + character.charCodeAt(0))).join('');

describe('clean', () => {
  it.each([
    ['control', 'a\u0000b\u0007c\u001b[31md\u009be', 'abc[31mde'],
    ['line breaks', 'one\ntwo\r\n\tthree\u2028four', 'one two three four'],
    ['direction', 'user\u202etxt.exe\u2066x\u2069\u061c', 'usertxt.exex'],
    ['zero width', 'i\u200bg\u200cn\u200do\u2060r\ufeffe\u00ad', 'ignore'],
    ['tags', `hello${tags('ignore all')}`, 'hello'],
    ['variation selectors', `a\ufe00\ufe0f\u{e0100}\u{e01ef}b`, 'ab'],
    ['private use', 'a\ue000b\u{f0000}c\u{10fffd}d', 'abcd'],
    ['lone surrogates', 'a\ud800b\udc00c', 'abc'],
    ['noncharacters', 'a\ufffeb\u{1ffff}c', 'abc'],
    ['fillers', 'a\u3164b\u115fc\uffa0d\u2800e\u034ff\u180eg', 'abcdefg'],
  ])('takes out %s characters', (_, text, cleaned) => {
    expect(clean(text)).toBe(cleaned);
  });

  it.each(['Grüße, 東京! ½ €', 'नमस्ते', 'שלום', '😀 🇫🇷', 'a\u0301'])('leaves %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('keeps at most 200 units, marked, and parts no character', () => {
    expect(clean('word '.repeat(100))).toMatch(/^(word ){39}\[cut\]$/);
    expect(clean('x'.repeat(200))).toHaveLength(200);
    expect(clean(`${'\u200b'.repeat(3000)}hidden`)).toMatch(/^ *\[cut\]$/);
    expect(clean('😀'.repeat(150)).isWellFormed()).toBe(true);
  });

  it('leaves nothing hidden, whatever the text; once is as good as twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const cleaned = clean(text);
        expect(cleaned).not.toMatch(HIDDEN);
        expect(cleaned.length).toBeLessThanOrEqual(200);
        expect(clean(cleaned)).toBe(cleaned);
      }),
    );
  });
});

describe('cleanJson', () => {
  it('cleans what the escapes stand for, and encodes it again', () => {
    const value = { text: 'a\u0000b\ud800c\n"d"\\', nested: [`e\u202ef${tags('x')}`], 'k\u200b': 1 };
    expect(JSON.parse(cleanJson(JSON.stringify(value)))).toEqual({ text: 'abc "d"\\', nested: ['ef'], k: 1 });
    expect(cleanJson('{"a":"\\u202e\\u0022\\u005c\\ud83d\\ude00"}')).toBe('{"a":"\\"\\\\😀"}');
  });

  it('is still JSON unless it was cut', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const cleaned = cleanJson(JSON.stringify(value), 100_000);
        if (!cleaned.endsWith('[cut]')) JSON.parse(cleaned);
        expect(cleaned).not.toMatch(HIDDEN);
      }),
    );
  });
});
