import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText } from '../../../src/core/redaction/redact-text.ts';
import { IN_CONTEXT, Mint, password, SECRETS } from './secrets.ts';

const EACH = 200;
const MARKER = /\[redacted:[a-z-]+\]/g;

/** What stands around a token in the texts of agents: nothing of it may hide one. */
const AROUND: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `use ${secret} now`,
  (secret) => `line\n${secret}\nline`,
  (secret) => JSON.stringify(`line\n${secret}\nline`),
  (secret) => `value="${secret}"`,
  (secret) => `(${secret}),`,
  (secret) => `id:${secret}, 用 ${secret}。`,
];

function isShown(secret: string, text: string): boolean {
  return text.includes(secret) || text.includes(secret.slice(4, 24).padEnd(12)) || text.match(MARKER) === null;
}

describe.each(Object.entries(SECRETS))('%s', (_, make) => {
  it(`is found in ${EACH} of ${EACH}, wherever it stands`, () => {
    const mint = new Mint(7);
    const secrets = Array.from({ length: EACH }, () => make(mint));
    const missed = secrets.flatMap((secret) => AROUND.map((around) => around(secret)).filter((text) => isShown(secret, redactText(text))));
    expect(missed).toEqual([]);
  });
});

describe.each(Object.entries(IN_CONTEXT))('a password a person chose: %s', (_, hold) => {
  it(`is found in ${EACH} of ${EACH}, and what stands around it stays`, () => {
    const mint = new Mint(8);
    for (let n = 0; n < EACH; n++) {
      const secret = password(mint);
      const text = redactText(hold(secret));
      expect(text).not.toContain(secret.slice(0, 6));
      expect(text.match(MARKER)).toHaveLength(1);
    }
  });
});

describe('a bare AWS secret access key', () => {
  it('is found in 1,000 of 1,000', () => {
    const mint = new Mint(9);
    const make = SECRETS['AWS secret access key, bare'] ?? String;
    const missed = Array.from({ length: 1000 }, () => make(mint)).filter(
      (secret) => !/^\/?\[redacted:high-entropy\]$/.test(redactText(secret)),
    );
    expect(missed).toEqual([]);
  });
});

describe('redaction', () => {
  const anySecret = fc.tuple(fc.constantFrom(...Object.values(SECRETS)), fc.nat()).map(([make, seed]) => make(new Mint(seed)));

  it('of what is redacted changes nothing', () => {
    const piece = fc.oneof(
      anySecret,
      fc.string({ unit: 'binary' }),
      fc.constantFrom('password=', '"token": "', ' is ', '://a:', '@', '\\', '\n'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const once = redactText(pieces.join(''));
        expect(redactText(once)).toBe(once);
      }),
    );
  });

  it('makes no lone surrogate', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anySecret, fc.string({ unit: 'grapheme' })), { maxLength: 6 }), (pieces) => {
        expect(redactText(pieces.join('')).isWellFormed()).toBe(true);
      }),
    );
  });
});
