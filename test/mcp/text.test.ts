import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nestsDeeperThan } from '../../src/core/json-depth.ts';
import { nearest } from '../../src/core/nearest.ts';
import { counted, inert, printable, quoted } from '../../src/core/quote.ts';
import { percent, ranked, short } from '../../src/mcp/format.ts';

describe('nearest', () => {
  it.each([
    ['sesion_id', 'session_id'],
    ['toolname', 'tool_name'],
    ['QUERY', 'query'],
    ['qurey', 'query'],
    ['tool', 'tool_name'],
  ])('finds %s to be %s', (word, expected) => {
    expect(nearest(word, ['session_id', 'tool_name', 'query'])).toBe(expected);
  });

  it('counts a swap of neighbours as one step, so that it wins over two substitutions', () => {
    expect(nearest('ab', ['xy', 'ba', 'b'.repeat(4)])).toBe('ba');
  });

  it('finds a candidate itself, whatever the others are', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 10 });
    fc.assert(fc.property(words, fc.nat(), (list, pick) => nearest(list[pick % list.length] ?? '', list) === list[pick % list.length]));
  });

  it('has no answer without candidates, and answers at once for a word of a million letters', () => {
    expect(nearest('x', [])).toBeUndefined();
    expect(nearest('x'.repeat(1_000_000), ['xx', 'y'])).toBe('xx');
  });
});

describe('quoted', () => {
  it('shows texts quoted, escaped and cut, other values by their kind', () => {
    expect(quoted('a"b\n')).toBe('"a\\"b\\u000a"');
    expect(quoted('x'.repeat(81))).toBe(`"${'x'.repeat(80)}..."`);
    expect([5, Number.NaN, null, undefined, true, [1, 2], { a: 1 }].map(quoted)).toEqual([
      '5',
      'NaN',
      'null',
      'undefined',
      'true',
      'a list of 2',
      'an object',
    ]);
  });

  it('is printable ASCII on one line for every text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => /^"[\x20-\x7e]{0,90}"$/.test(quoted(text))));
    expect(printable('é\u0000')).toBe('\\u00e9\\u0000');
  });
});

describe('inert', () => {
  it('escapes control, format and tag characters and keeps readable ones', () => {
    expect(inert('Größe 大 \u0000\u200b\u202e\u{e0041}')).toBe('Größe 大 \\u{0}\\u{200b}\\u{202e}\\u{e0041}');
  });
});

describe('nestsDeeperThan', () => {
  it.each<[unknown, number]>([
    [1, 0],
    [{}, 1],
    [[1, 'a', null], 1],
    [{ a: [{}] }, 3],
  ])('%j has %i levels', (value, depth) => {
    expect(nestsDeeperThan(value, depth)).toBe(false);
    expect(nestsDeeperThan(value, depth - 1)).toBe(depth > 0);
  });

  it('does not overflow the stack', () => {
    expect(nestsDeeperThan(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)), 99_999)).toBe(true);
  });
});

describe('the text line', () => {
  it('lists the first three and counts the rest', () => {
    expect(ranked([1, 2, 3, 4, 5], (n) => `#${n}`, 'none')).toBe('1. #1; 2. #2; 3. #3; and 2 more');
    expect(ranked([], String, 'none')).toBe('none');
  });

  it('writes numbers short and says when nothing was observed', () => {
    expect([percent(0.456), percent(null), short(1.005), short(2), short(null)]).toEqual(['46 %', 'unknown', '1', '2', 'unknown']);
    expect([counted(1, 'tool'), counted(2, 'tool')]).toEqual(['1 tool', '2 tools']);
  });
});
