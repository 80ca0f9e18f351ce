import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TermIndex } from '../../src/core/term-index.ts';

type Terms = ReadonlyMap<number, number>;

function idf(documents: ReadonlyMap<number, Terms>, term: number): number {
  const holding = [...documents.values()].filter((terms) => terms.has(term)).length;
  return Math.log(1 + (documents.size - holding + 0.5) / (holding + 0.5));
}

/** The formula as Robertson and Zaragoza give it, document by document. */
function bm25(documents: ReadonlyMap<number, Terms>, query: Terms, document: number): number {
  const lengthOf = (terms: Terms) => [...terms.values()].reduce((sum, count) => sum + count, 0);
  const average = [...documents.values()].reduce((sum, terms) => sum + lengthOf(terms), 0) / documents.size;
  const terms = documents.get(document) ?? new Map<number, number>();
  return [...query].reduce((sum, [term, weight]) => {
    const f = terms.get(term) ?? 0;
    return sum + (weight * idf(documents, term) * f * 2.2) / (f + 1.2 * (0.25 + (0.75 * lengthOf(terms)) / average));
  }, 0);
}

const terms = fc
  .array(fc.tuple(fc.nat(12), fc.constantFrom(0.25, 0.5, 1, 2, 3)), { minLength: 1, maxLength: 8 })
  .map((pairs) => new Map(pairs) as Terms);
const change = fc.record({ document: fc.nat(90), terms: fc.option(terms, { nil: null, freq: 4 }) });

function expectBruteForce(index: TermIndex, documents: ReadonlyMap<number, Terms>, query: Terms): void {
  const { scores, documents: found, ideal } = index.score(query);
  for (let document = 0; document <= 90; document++) {
    const expected = documents.has(document) ? bm25(documents, query, document) : 0;
    expect(Math.abs((scores[document] ?? 0) - expected)).toBeLessThan(1e-9);
  }
  const hits = [...documents.keys()].filter((document) => [...query.keys()].some((term) => documents.get(document)?.has(term)));
  expect([...found].sort((a, b) => a - b)).toStrictEqual(hits.sort((a, b) => a - b));
  expect(ideal).toBeCloseTo(
    [...query].reduce((sum, [term, weight]) => sum + 2.2 * weight * idf(documents, term), 0),
    9,
  );
}

describe('the term index', () => {
  test('scores as BM25 does, document by document, whatever was set, replaced and removed', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), fc.array(terms, { minLength: 1, maxLength: 3 }), (changes, queries) => {
        const index = new TermIndex();
        const documents = new Map<number, Terms>();
        for (const { document, terms: said } of changes) {
          if (said === null) {
            index.remove(document);
            documents.delete(document);
          } else {
            index.set(document, said);
            documents.set(document, said);
          }
        }
        for (const query of queries) expectBruteForce(index, documents, query);
      }),
      { numRuns: 150 },
    );
  });

  test('prefers the document that says a rare word to the one that says a common one', () => {
    const index = new TermIndex();
    for (const [document, said] of [
      [1, 7],
      [1, 8],
      [1, 9],
      [2, 6],
    ].entries())
      index.set(document, new Map(said.map((term) => [term, 1])));
    const { scores } = index.score(
      new Map([
        [1, 1],
        [2, 1],
      ]),
    );
    expect(scores[3]).toBeGreaterThan(scores[0] ?? 0);
  });

  test('scores below the ideal, which a term that nobody says raises', () => {
    const index = new TermIndex();
    index.set(
      0,
      new Map([
        [1, 1],
        [2, 1],
      ]),
    );
    index.set(1, new Map([[3, 1]]));
    const known = index.score(new Map([[1, 1]]));
    const [score, ideal] = [known.scores[0] ?? 0, known.ideal];
    expect(score).toBeLessThan(ideal);
    expect(
      index.score(
        new Map([
          [1, 1],
          [99, 1],
        ]),
      ).ideal,
    ).toBeGreaterThan(ideal);
  });

  test('finds nothing when it is empty, and takes a removal of what it never held', () => {
    const index = new TermIndex();
    index.remove(5);
    expect(index.score(new Map([[1, 1]])).documents).toStrictEqual([]);
  });
});
