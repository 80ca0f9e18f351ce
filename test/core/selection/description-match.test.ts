import { describe, expect, test } from 'vitest';
import { DescriptionMatch } from '../../../src/core/selection/description-match.ts';
import { featuresOfText, TermWeights } from '../../../src/core/selection/text-features.ts';

const TEXTS = ['send_mail sends a mail', 'read_file reads a file', 'transfer_money sends money to an account'];

function described(terms = new TermWeights(), texts: readonly string[] = TEXTS): DescriptionMatch {
  const descriptions = new DescriptionMatch(terms);
  for (const [tool, text] of texts.entries()) descriptions.register(tool, text);
  return descriptions;
}

function best(descriptions: DescriptionMatch, request: string): number | undefined {
  return [...descriptions.match(featuresOfText(request))].sort(([, a], [, b]) => b - a)[0]?.[0];
}

describe('the match of a description', () => {
  test.each([
    ['please mail this', 0],
    ['what does the file say', 1],
    ['moneyy tranfser', 2],
  ])('of "%s" is greatest for tool %i', (request, tool) => {
    expect(best(described(), request)).toBe(tool);
  });

  test('is a cosine: 1 for the text itself, never above, and absent where nothing is shared', () => {
    const descriptions = described();
    for (const [tool, text] of TEXTS.entries()) {
      const matches = descriptions.match(featuresOfText(text));
      expect(matches.get(tool)).toBeCloseTo(1, 9);
      for (const match of matches.values()) expect(match > 0 && match <= 1 + 1e-9).toBe(true);
    }
    expect(descriptions.match(featuresOfText('zzz')).size).toBe(0);
    expect(descriptions.match(featuresOfText('')).size).toBe(0);
  });

  test('counts a rare word more than one of many descriptions', () => {
    const descriptions = described(new TermWeights(), ['mail alpha', 'mail beta', 'mail gamma', 'quota delta']);
    expect(best(descriptions, 'mail quota')).toBe(3);
  });

  test('is of the latest text of a tool', () => {
    const descriptions = described();
    descriptions.register(0, 'weather_report tells the weather');
    expect(best(descriptions, 'weather')).toBe(0);
    expect(descriptions.match(featuresOfText('mail')).has(0)).toBe(false);
    const fresh = described(new TermWeights(), ['weather_report tells the weather', ...TEXTS.slice(1)]);
    for (const request of ['weather money', 'file']) {
      expect(descriptions.match(featuresOfText(request))).toEqual(fresh.match(featuresOfText(request)));
    }
  });

  test('is the same after save and load, also while its lengths are held', () => {
    const terms = new TermWeights();
    const first = described(terms);
    first.match(featuresOfText('mail'));
    for (let n = 0; n < 40; n++) terms.observe(featuresOfText('mail the file'));
    const second = described(terms);
    second.load(structuredClone(first.save()));
    expect(second.match(featuresOfText('mail'))).toStrictEqual(first.match(featuresOfText('mail')));
    expect(described(terms).match(featuresOfText('mail'))).not.toStrictEqual(first.match(featuresOfText('mail')));
    for (let n = 0; n < 100; n++) terms.observe(featuresOfText('a file'));
    expect(second.match(featuresOfText('mail'))).toStrictEqual(described(terms).match(featuresOfText('mail')));
  });
});
