import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { abstractLiterals, contentWords, similarity, words } from '../../src/core/text.ts';

describe('words', () => {
  test.each([
    ['mcp__server__read_text-file.v2/x', ['mcp', 'server', 'read', 'text', 'file', 'v2', 'x']],
    ['readFile HTTPServerError', ['read', 'file', 'http', 'server', 'error']],
    ['ÉTAT naïve_Tool', ['état', 'naïve', 'tool']],
    ['查询 abc', ['查', '询', 'abc']],
    ["what's up?", ['what', 's', 'up']],
    [' \t\n.,;', []],
  ])('%j are %j', (text, want) => {
    expect(words(text)).toStrictEqual(want);
  });

  test('hold nothing but lower-case letters, marks and digits, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        for (const word of words(text)) expect(word).toMatch(/^[\p{L}\p{M}\p{N}]+$/u);
      }),
    );
  });
});

describe('contentWords', () => {
  test.each([
    'list lists listed listing',
    'balance balances balanced balancing',
    'file files filing filed',
    'copy copies copied copying',
    'stop stops stopped stopping',
    'process processes processed processing',
    'status statuses',
    'create creates created creating',
    'entity entities',
    'remember remembers remembered remembering',
    'box boxes',
  ])('bring "%s" to one stem', (forms) => {
    expect(new Set(contentWords(forms)).size).toBe(1);
  });

  test.each(['string', 'bring', 'thing', 'king', 'red', 'data', 'speed'])('leave %s whole', (word) => {
    expect(contentWords(word)).toStrictEqual([word]);
  });

  test('drop what says nothing about the tool', () => {
    expect(contentWords('Could you please show me the balance of this account?')).toStrictEqual(contentWords('show balance account'));
    expect(contentWords('what is this')).toStrictEqual([]);
  });
});

describe('abstractLiterals', () => {
  test.each([
    ['balance for entity 777', 'balance for entity'],
    ['convert report.pdf to csv', 'convert to csv'],
    ['read /tmp/a.txt and ./b/c.md', 'read and'],
    ['open C:\\Users\\x now', 'open now'],
    ['remember that "Alice works at ACME" please', 'remember that please'],
    ["search for 'red shoes'", 'search for'],
    ['echo “hello world” now', 'echo now'],
    ['mail bob@example.com about https://x.y/z?q=1', 'mail about'],
    ['close ticket INC-1234 (v1.2.3, $40, 12.5%)', 'close ticket'],
    ['upload to s3', 'upload to s3'],
    ["what's the user's status?", "what's the user's status"],
    ['input/output and read/write', 'input/output and read/write'],
    [`decode ${'x'.repeat(65)} again`, 'decode again'],
  ])('of %j leave %j', (text, want) => {
    expect(abstractLiterals(text)).toBe(want);
  });

  test('a text that is one quotation keeps its words', () => {
    expect(abstractLiterals('"list all files"')).toBe('list all files');
  });

  test('the same request about other things reads the same (fault 21)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(abstractLiterals(`balance for entity ${a} in "${a}.xlsx"`)).toBe(abstractLiterals(`balance for entity ${b} in "${b}.xlsx"`));
      }),
    );
  });
});

describe('similarity', () => {
  test('is 1 for the same request in other forms, 0 without a common word, and the cosine in between', () => {
    expect(similarity('list the files', 'Listing a file')).toBeCloseTo(1, 12);
    expect(similarity('list the files', 'send mail')).toBe(0);
    expect(similarity('list files', 'list folders')).toBeCloseTo(0.5, 12);
    expect(similarity('', 'list')).toBe(0);
  });

  test('is symmetric and in [0, 1]', () => {
    const text = fc
      .array(fc.constantFrom('list', 'files', 'read', 'the', 'balance', 'of', '7'), { maxLength: 8 })
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(similarity(a, b)).toBe(similarity(b, a));
        expect(similarity(a, b)).toBeGreaterThanOrEqual(0);
        expect(similarity(a, b)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

const HOSTILE: readonly (readonly [what: string, unit: string])[] = [
  ['double quotes', '"'],
  ['blank and quote', " '"],
  ['opening quotes', '“'],
  ['opening guillemets', '«'],
  ['full stops', '.'],
  ['commas then a letter', ',.'],
  ['slashes', '/'],
  ['one capital word', 'A'],
  ['alternating case', 'aA'],
  ['vowels', 'aeiou'],
  ['marks', 'a\u0301'],
  ['Han', '查'],
  ['emoji', '😀'],
  ['lone surrogates', '\ud83d'],
  ['blanks', ' '],
  ['dotted', 'a.'],
  ['paths', '/a'],
];

test.each(HOSTILE)('8,000 characters of %s take linear time: well under 50 ms, where a quadratic scan takes more', (_, unit) => {
  const text = unit.repeat(8000 / unit.length);
  const times = [text, `${text}x`, `x${text}ing`].map((hostile) => {
    const start = performance.now();
    similarity(abstractLiterals(hostile), hostile);
    return performance.now() - start;
  });
  expect(Math.min(...times)).toBeLessThan(50);
});
