import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { featuresOfText, type Sparse, STOP_WORD, TermWeights, type TextFeatures, WORD } from '../../../src/core/selection/text-features.ts';

function countOf({ kinds }: TextFeatures, kind: number): number {
  return kinds.filter((of) => of === kind).length;
}

function cosine(a: Sparse, b: Sparse): number {
  const of = new Map(Array.from(b.hashes, (hash, at) => [hash, b.values[at] ?? 0]));
  return a.hashes.reduce((sum, hash, at) => sum + (a.values[at] ?? 0) * (of.get(hash) ?? 0), 0);
}

describe('the features of a text', () => {
  test('are its stems, apart from the stop words, their pairs, and the character 3- to 5-grams, each once', () => {
    const features = featuresOfText('the cat the cat');
    expect([WORD, STOP_WORD].map((kind) => countOf(features, kind))).toStrictEqual([1, 1]);
    // Two pairs; ' the cat the cat ' has 8 distinct 3-grams, 8 4-grams (17 places in all, period 8) and 9 5-grams at most.
    expect(new Set(features.hashes).size).toBe(features.hashes.length);
    expect(features.kinds).toHaveLength(features.hashes.length);
  });

  test('are shared by the forms of a word', () => {
    const [one, other] = [featuresOfText('listing'), featuresOfText('lists')];
    const words = ({ hashes, kinds }: TextFeatures) => [...hashes].filter((_, at) => kinds[at] === WORD);
    expect(words(one)).toStrictEqual(words(other));
  });

  test('are those of the first 400 characters', () => {
    const start = 'word by word '.repeat(40).slice(0, 400);
    expect(featuresOfText(`${start} and then something else`)).toStrictEqual(featuresOfText(start));
  });

  test('of a text without words are none', () => {
    expect(featuresOfText('!?…').hashes.length).toBeLessThan(2);
  });
});

describe('the weights of terms', () => {
  test('make a text a vector of length 1, whatever was seen', () => {
    fc.assert(
      fc.property(fc.array(fc.lorem({ maxCount: 6 }), { maxLength: 5 }), fc.lorem({ maxCount: 8 }), (seen, text) => {
        const terms = new TermWeights();
        for (const one of seen) terms.observe(featuresOfText(one));
        const { values } = terms.vector(featuresOfText(text));
        expect(Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))).toBeCloseTo(1, 5);
        expect(values.every((value) => value > 0)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('make a word that few texts hold weigh more than one that all do', () => {
    const terms = new TermWeights();
    const similar = () => cosine(terms.vector(featuresOfText('card payment')), terms.vector(featuresOfText('card')));
    const before = similar();
    for (let n = 0; n < 20; n++) terms.observe(featuresOfText('card'));
    expect(similar()).toBeLessThan(before);
    expect(terms.texts).toBe(20);
  });

  test('hold no feature of an empty text', () => {
    expect([...new TermWeights().vector(featuresOfText('')).values].every(Number.isFinite)).toBe(true);
  });

  test('are the same after save and load, and what was saved is a copy', () => {
    const [first, second] = [new TermWeights(), new TermWeights()];
    first.observe(featuresOfText('card payment'));
    const saved = first.save();
    first.observe(featuresOfText('card'));
    second.load(saved);
    expect(second.texts).toBe(1);
    second.observe(featuresOfText('card'));
    expect(second.vector(featuresOfText('card payment'))).toStrictEqual(first.vector(featuresOfText('card payment')));
  });
});
