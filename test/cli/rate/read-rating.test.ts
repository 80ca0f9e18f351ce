import { describe, expect, it } from 'vitest';
import { countOf, ratingIn, starsOf } from '../../../src/cli/rate/read-rating.ts';
import { ConfigurationError } from '../../../src/errors.ts';

describe('a line of a batch', () => {
  it.each([
    ['a1 5', { execution_id: 'a1', rating: 5, feedback: undefined }],
    ['  a1\t1  too slow, and wrong ', { execution_id: 'a1', rating: 1, feedback: 'too slow, and wrong' }],
    ['{"execution_id": "with blanks", "rating": 4}', { execution_id: 'with blanks', rating: 4, feedback: undefined }],
    ['{"rating": 2, "execution_id": "b", "feedback": "meh"}', { execution_id: 'b', rating: 2, feedback: 'meh' }],
  ])('%s is a rating', (line, rating) => {
    expect(ratingIn(line)).toEqual(rating);
  });

  it.each([
    ['a1', /rating is ""; give stars from 1/],
    ['a1 6', /rating is "6"/],
    ['a1 -1', /rating is "-1"/],
    ['a1 2.5', /rating is "2.5"/],
    ['a1 five', /rating is "five"/],
    ['{"execution_id": "a", "rating": "5"}', /rating is "5"/],
    ['{"execution_id": 7, "rating": 5}', /execution_id is 7/],
    ['{"execution_id": "a", "rating": 5, "feedback": {}}', /feedback is an object/],
    ['{"execution_id": "a", "rating":', /not valid JSON/],
    ['é 5', /execution_id is/],
    [`a 5 ${'x'.repeat(2001)}`, /2001 characters/],
  ])('%s is refused', (line, message) => {
    expect(() => ratingIn(line)).toThrow(ConfigurationError);
    expect(() => ratingIn(line)).toThrow(message);
  });
});

describe('stars and counts', () => {
  it('are whole numbers in their range', () => {
    expect(starsOf('3', 'stars are')).toBe(3);
    expect(countOf('12', '--limit', 1)).toBe(12);
    expect(countOf(undefined, '--limit', 7)).toBe(7);
  });

  it.each(['0', '-1', '+6', '1e0', '', ' ', 'NaN', '0x3', '3 4'])('%j stars are refused with the value', (value) => {
    expect(() => starsOf(value, 'stars are')).toThrow(`stars are "${value}"; give stars from 1 (bad) to 5 (good)`);
  });

  it.each(['0', '-1', '1.5', 'all', ''])('a limit of %j is refused with the value', (value) => {
    expect(() => countOf(value, '--limit', 1)).toThrow(`--limit is "${value}"`);
  });
});
