import { describe, expect, it } from 'vitest';
import { clean, cleanJson } from '../../../src/core/clean.ts';
import { keepJson, keepText } from '../../../src/core/redaction/keep.ts';
import { redactText } from '../../../src/core/redaction/redact-text.ts';

const LIMIT_MS = 50;

/** Beginnings of secrets that go on for ever, and pieces of every pattern that can be tried again at the next character. */
const PIECES = [
  ...['x', '0', '/', '-', '_', '=', ':', '\\', ' ', '\n', '"', '<', '$', '.', '@', '+', '\u00e9', '日本', '😀', '\ud800', '{"a":'],
  ...[
    'eyJ',
    'eyJa.',
    '-eyJ',
    'SG.',
    'SG.aaaaaaaaaaaaaaaaaaaaaa.',
    'M1',
    'ghp_',
    'sk-',
    'sk-a',
    'xoxb-',
    'AKIA',
    '1:',
    '123456789:',
    '.atlasv1.',
  ],
  ...[
    '://',
    '://a:',
    'a://b:c@',
    '?sig=',
    '&token=',
    '<a ',
    '<password>',
    '<password x',
    '-----BEGIN ',
    '-----BEGIN A-----',
    '-----END A-----',
  ],
  ...[
    'password=',
    'password="',
    'password="\\',
    '"password":',
    'password is ',
    '--p ',
    '--password ',
    'tokens: 1 ',
    'api key',
    'token: a\n  ',
  ],
  ...['4111 ', '4', '1 2 ', '1234-', 'Bearer ', 'Basic a', 'Authorization: ', 'Cookie: a', 'aB3/', 'aB3-', 'a/', 'Z9', 'f0'],
  ...['00000000-0000-0000-0000-000000000000', 'JQQJ99', 'a.', 'a_b-c.d$', '["\'`', '\\u202e', '\\"'],
];

const repeated = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** CPU time, milliseconds. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The median of three; one measurement is enough where it is within the limit. */
function cpuWithin(limit_ms: number, work: () => unknown): number {
  const first = cpuOf(work);
  return first <= limit_ms ? first : ([first, cpuOf(work), cpuOf(work)].toSorted((a, b) => a - b)[1] ?? first);
}

/** The pieces for which the work takes longer. */
function slow(work: (piece: string) => unknown, limit_ms = LIMIT_MS): string[] {
  return PIECES.map((piece) => ({ piece, ms: cpuWithin(limit_ms, () => work(piece)) }))
    .filter(({ ms }) => ms > limit_ms)
    .map(({ piece, ms }) => `${JSON.stringify(piece)}: ${ms} ms`);
}

describe('no input costs more than 50 ms of CPU', () => {
  it('a result or an error of 65,536 characters, and of 200,000', () => {
    expect(slow((piece) => keepText(repeated(piece, 65_536), 'redacted', 2000))).toEqual([]);
    expect(slow((piece) => keepText(repeated(piece, 200_000), 'redacted', 2000))).toEqual([]);
  });

  it('a query of 8,000 characters', () => {
    expect(slow((piece) => redactText(repeated(piece, 8000)))).toEqual([]);
  });

  it('arguments of 64 KiB: few long texts, many short ones, many names, one name', () => {
    const texts = (piece: string) => Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`k${n}`, repeated(piece, 4000)]));
    const items = (piece: string) => ({ a: Array(8000).fill(piece.slice(0, 8)) });
    const names = (piece: string) => Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`${n}${repeated(piece, 250)}`, 1]));
    for (const args of [
      texts,
      items,
      names,
      (piece: string) => ({ [repeated(piece, 65_000)]: 1 }),
      (piece: string) => ({ a: repeated(piece, 65_000) }),
    ]) {
      expect(slow((piece) => keepJson(args(piece), 'redacted'))).toEqual([]);
      expect(slow((piece) => keepJson(args(piece), 'shape'))).toEqual([]);
    }
  });

  it('500 texts shown by get_history, eight kilobytes each', () => {
    const shown = (piece: string) => {
      const text = repeated(piece, 8000);
      for (let n = 0; n < 100; n++) clean(text) === cleanJson(text);
    };
    expect(slow(shown)).toEqual([]);
  });

  it('grows no faster than the text, whatever is repeated', () => {
    expect(slow((piece) => redactText(repeated(piece, 262_144)), 600)).toEqual([]);
  });
});
