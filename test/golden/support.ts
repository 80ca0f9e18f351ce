import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DEFAULTS, type Hyperparameters } from '../../src/core/hyperparameters.ts';

/** Other files of the same shape can be dropped in: `TOOLWISE_GOLDEN=/some/folder npx vitest run test/golden`. */
const DIRECTORY = process.env['TOOLWISE_GOLDEN'] ?? import.meta.dirname;

/** The reference's settings, as the header of each golden file's format names them. */
export const REFERENCE: Hyperparameters = Object.freeze({
  ...DEFAULTS,
  learning_rate: 0.1,
  discount_factor: 0.9,
  min_samples: 5,
  replay_importance_exponent: 0,
  max_time_penalty: 1e12,
  fast_failure_bonus: 2,
  shortest_measured_ms: Number.MIN_VALUE,
  partial_credit: 0,
});

/** One golden file. Numbers of the reference implementation; FORMAT.md beside the originals says what each array means. */
export function loadGolden<File>(name: string): File {
  return JSON.parse(readFileSync(join(DIRECTORY, `${name}.json`), 'utf8')) as File;
}

/** Within 1e-9 · max(1, |want|) of the reference's number. */
export function expectClose(got: number | null | undefined, want: number, what = 'number'): void {
  const tolerance = 1e-9 * Math.max(1, Math.abs(want));
  expect(Math.abs((got ?? Number.NaN) - want), `${what}: got ${got}, the reference has ${want}`).toBeLessThanOrEqual(tolerance);
}

/** Numbers within the tolerance wherever they stand in a structure; everything else exactly. */
export function expectSame(got: unknown, want: unknown, what = 'value'): void {
  if (typeof want === 'number' && typeof got === 'number') expectClose(got, want, what);
  else if (isStructure(want) && isStructure(got)) expectSameEntries(got, want, what);
  else expect(got, what).toStrictEqual(want);
}

function expectSameEntries(got: object, want: object, what: string): void {
  const ofGot = new Map(Object.entries(got));
  expect([...ofGot.keys()].sort(), `keys of ${what}`).toStrictEqual(Object.keys(want).sort());
  for (const [key, value] of Object.entries(want)) expectSame(ofGot.get(key), value, `${what}.${key}`);
}

function isStructure(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** True when a case shows a behaviour of the reference that toolwise mends; `name` without the `quirk:`. */
export function hasQuirk(tags: readonly string[], name?: string): boolean {
  return tags.some((tag) => (name === undefined ? tag.startsWith('quirk:') : tag === `quirk:${name}`));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
