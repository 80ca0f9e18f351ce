import { describe, expect, it } from 'vitest';
import { ProgressLine, progressText } from '../../src/cli/progress-line.ts';

describe('the progress', () => {
  it.each<[number, number | null, number, string]>([
    [0, 100, 0, '0 of 100 calls, 0 a second'],
    [1200, 10_000, 1263, '1,200 of 10,000 calls, 950 a second, 10 s left'],
    [100, 100, 50, '100 of 100 calls, 2,000 a second, 0 s left'],
    [1500, null, 500, '1,500 calls, 3,000 a second'],
  ])('after %d of %j calls in %d ms', (done, total, elapsed, text) => {
    expect(progressText(done, total, elapsed, 'calls')).toBe(text);
  });

  it('is one line that is written over, at most ten times a second, and cleared', () => {
    const written: string[] = [];
    const times = [0, 0, 50, 150, 160, 170];
    const line = new ProgressLine(
      'calls',
      (text) => written.push(text),
      () => times.shift() ?? Number.NaN,
    );
    for (const done of [1, 2, 3, 4, 5]) line.tell(done, 5);
    line.clear();
    expect(written).toEqual([
      '\r\u001b[K1 of 5 calls, 1,000 a second, 1 s left',
      '\r\u001b[K3 of 5 calls, 20 a second, 1 s left',
      '\r\u001b[K5 of 5 calls, 29 a second, 0 s left',
      '\r\u001b[K',
    ]);
  });
});
