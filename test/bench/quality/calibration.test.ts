import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedCalibrationError, reliabilityBins, reliabilityDiagram } from '../../../bench/quality/calibration.ts';

const said = (confidence: number, right: boolean) => ({ confidence, right });

describe('the calibration error', () => {
  it('is the mean gap of the bins, weighed by what is in them', () => {
    const bins = reliabilityBins([said(0.95, true), said(0.95, true), said(0.95, false), said(0.2, false), said(0.28, true)]);
    expect(bins[9]).toMatchObject({ low: 0.9, high: 1, count: 3, accuracy: 2 / 3 });
    expect(bins[2]).toMatchObject({ low: 0.2, high: 0.3, count: 2, accuracy: 1 / 2 });
    expect(bins[2]?.confidence).toBeCloseTo(0.24);
    expect(expectedCalibrationError(bins)).toBeCloseTo((3 / 5) * (0.95 - 2 / 3) + (2 / 5) * (0.5 - 0.24), 12);
  });

  it('puts a boundary into the upper bin, and certainty into the last', () => {
    const counts = reliabilityBins([said(0, false), said(0.1, false), said(0.5, false), said(1, true)]).map(({ count }) => count);
    expect(counts).toEqual([1, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('is 0 for what is stated truly, 1 for what is always certain and wrong, and unknown for nothing', () => {
    expect(expectedCalibrationError(reliabilityBins([said(0.5, true), said(0.5, false)]))).toBe(0);
    expect(expectedCalibrationError(reliabilityBins([said(1, false)]))).toBe(1);
    expect(expectedCalibrationError(reliabilityBins([]))).toBeNull();
  });

  it('lies in [0, 1], and no forecast is lost', () => {
    const forecasts = fc.array(fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), right: fc.boolean() }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(forecasts, (all) => {
        const bins = reliabilityBins(all);
        const error = expectedCalibrationError(bins) ?? -1;
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        expect(error).toBeGreaterThanOrEqual(0);
        expect(error).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the reliability diagram', () => {
  it('draws a bar as long as the share that came true, and marks what was stated', () => {
    const lines = reliabilityDiagram(reliabilityBins([said(0.5, true), said(0.9, true), said(0.9, false)])).split('\n');
    expect(lines).toHaveLength(12);
    expect(lines[7]).toBe(`0.5 to 0.6${' '.repeat(8)}1   50.0 %  100.0 %  ${'█'.repeat(25)}|${'█'.repeat(24)}`);
    expect(lines[11]).toBe(`0.9 to 1.0${' '.repeat(8)}2   90.0 %   50.0 %  ${'█'.repeat(25)}${' '.repeat(20)}|`);
    expect(lines[2]).toBe(`0.0 to 0.1${' '.repeat(8)}0`);
  });

  it('has its scale above the bars', () => {
    const [, scale = '', ...lines] = reliabilityDiagram(reliabilityBins([said(1, true)])).split('\n');
    expect(scale.indexOf('0 %')).toBe(lines[9]?.indexOf('█'));
    expect(scale.indexOf('100 %')).toBe(lines[9]?.indexOf('|'));
  });
});
