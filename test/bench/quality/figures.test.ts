import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../bench/quality/figures.ts';
import type { Judgement } from '../../../bench/quality/protocol.ts';

const NAMES = ['rule', 'learned'];

function judgement(place: number, ranks: readonly [number, number], more: Partial<Judgement> = {}): Judgement {
  return { session: String(place), place, sessions: 20, repeats: false, ranks, confidences: [null, 0.5], ...more };
}

describe('the figures of a source', () => {
  const judgements = [
    judgement(0, [1, 4]),
    judgement(1, [1, 1]),
    judgement(2, [9, 9]), // neither cold nor in the last half
    judgement(10, [2, 1]),
    judgement(11, [4, 1], { repeats: true }),
    judgement(12, [1, 2]),
    judgement(13, [4, 4], { confidences: [null, 1] }),
  ];
  const figures = figuresOf('s', judgements, NAMES);
  const [rule, learned] = figures.rows;

  it('count the last half, and repeats and others apart', () => {
    expect(figures).toMatchObject({ source: 's', decisions: 4, repeats: 1, sessions: 4 });
    expect(learned).toMatchObject({ hit_at_1: 2 / 4, hit_at_3: 3 / 4, mrr: (1 + 1 + 1 / 2 + 1 / 4) / 4 });
    expect(learned).toMatchObject({ hit_at_1_on_repeats: 1, hit_at_1_on_others: 1 / 3 });
    expect(rule).toMatchObject({ hit_at_1: 1 / 4, hit_at_3: 2 / 4, hit_at_1_on_repeats: 0, hit_at_1_on_others: 1 / 3 });
  });

  it('take the first tenth as cold', () => {
    expect(figures.cold_decisions).toBe(2);
    expect(rule).toMatchObject({ cold_hit_at_1: 1, cold_mrr: 1 });
    expect(learned).toMatchObject({ cold_hit_at_1: 1 / 2, cold_mrr: (1 / 4 + 1) / 2 });
  });

  it('compare each with the learned ranking', () => {
    expect(rule?.difference).toBeCloseTo(1 / 4);
    expect(learned?.difference).toBeNull();
  });

  it('hold the learned ranking’s confidence against what came true', () => {
    expect(figures.bins[5]).toMatchObject({ count: 3, confidence: 0.5, accuracy: 2 / 3 });
    expect(figures.bins[9]).toMatchObject({ count: 1, confidence: 1, accuracy: 0 });
  });

  it('resample sessions, whatever the number of orders: twice the same orders give the same interval', () => {
    const half = Array.from({ length: 10 }, (_, at) => judgement(10 + at, [2, at % 3 === 0 ? 2 : 1]));
    const once = figuresOf('s', half, NAMES).rows[1]?.hit_at_1_interval;
    expect(figuresOf('s', [...half, ...half], NAMES).rows[1]?.hit_at_1_interval).toEqual(once);
    expect(once?.[0]).toBeLessThan(0.6);
    expect(once?.[1]).toBeGreaterThan(0.6);
  });

  it('say nothing where there was no decision', () => {
    expect(figuresOf('s', [], NAMES).rows[1]).toMatchObject({ hit_at_1: null, hit_at_3: null, mrr: null, cold_hit_at_1: null });
  });
});
