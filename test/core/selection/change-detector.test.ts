import { describe, expect, test } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import { CHANGE_OPTIONS, ChangeDetector } from '../../../src/core/selection/change-detector.ts';

const { tolerance, threshold } = CHANGE_OPTIONS;

/** Failures of a tool trusted with p until its sum p − tolerance a failure passes the threshold. */
const failuresUntilAlarm = (p: number) => Math.floor(threshold / (p - tolerance)) + 1;

describe('the change detector', () => {
  test.each([0.95, 0.8, 0.5])('alarms when a tool trusted with %f fails as often as the threshold takes, not before', (p) => {
    const detector = new ChangeDetector();
    const alarms = Array.from({ length: failuresUntilAlarm(p) }, () => detector.observe(7, p, false));
    expect(alarms.indexOf(true)).toBe(alarms.length - 1);
  });

  test('alarms soon after a tool that had worked a thousand times collapses', () => {
    const detector = new ChangeDetector();
    for (let call = 0; call < 1_000; call++) detector.observe(7, 0.9, true);
    let failures = 1;
    while (!detector.observe(7, 0.9, false)) failures++;
    // Successes beyond the prediction are not saved up: the sum is never below 0.
    expect(failures).toBe(failuresUntilAlarm(0.9));
  });

  test.each([0.6, 0.8, 0.9, 0.97])('seldom alarms while a tool succeeds with %f as predicted', (p) => {
    const [calls, runs] = [1_000, 20];
    let alarms = 0;
    for (let seed = 0; seed < runs; seed++) {
      const [detector, uniform] = [new ChangeDetector(), seededUniform(seed)];
      for (let call = 0; call < calls; call++) alarms += Number(detector.observe(7, p, uniform() < p));
    }
    // Wald: a walk of drift −tolerance and variance p(1 − p) that starts at 0 passes the threshold with at most exp(−θ·threshold),
    // E[exp(θ·step)] = 1. Each of at most calls·(1 − p) excursions from 0 starts with a failure, of which the first step is p − tolerance.
    const theta = rootOf(p);
    const bound = calls * (1 - p) * Math.exp(-theta * (threshold - (p - tolerance)));
    expect(alarms / runs).toBeLessThanOrEqual(bound);
    expect(alarms / runs).toBeLessThanOrEqual(calls * (1 - p) * 0.1);
  });

  test('judges each tool alone', () => {
    const detector = new ChangeDetector();
    for (let call = 1; call < failuresUntilAlarm(0.9); call++) detector.observe(7, 0.9, false);
    expect(detector.observe(8, 0.9, false)).toBe(false);
    expect(detector.observe(7, 0.9, false)).toBe(true);
  });

  test('starts anew after an alarm', () => {
    const detector = new ChangeDetector();
    const alarms = Array.from({ length: 2 * failuresUntilAlarm(0.9) }, () => detector.observe(7, 0.9, false));
    expect(alarms.filter(Boolean)).toHaveLength(2);
  });

  test('does not blame a tool for failures that were foretold', () => {
    const detector = new ChangeDetector();
    const alarms = Array.from({ length: 500 }, () => detector.observe(7, tolerance, false));
    expect(alarms).not.toContain(true);
  });

  test('is the same after save and load', () => {
    const [first, second] = [new ChangeDetector(), new ChangeDetector()];
    for (const tool of [7, 8, 8]) first.observe(tool, 0.9, false);
    second.load(structuredClone(first.save()));
    const after = [first, second].map((detector) => Array.from({ length: 4 }, (_, at) => detector.observe(7 + (at % 2), 0.9, false)));
    expect(after[1]).toStrictEqual(after[0]);
    expect(second.save()).toStrictEqual(first.save());
  });
});

/** θ > 0 with (1 − p)·exp(θ·(p − tolerance)) + p·exp(θ·(p − 1 − tolerance)) = 1, by bisection. */
function rootOf(p: number): number {
  const excess = (theta: number) => (1 - p) * Math.exp(theta * (p - tolerance)) + p * Math.exp(theta * (p - 1 - tolerance)) - 1;
  let [low, high] = [1e-6, 50];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return low;
}
