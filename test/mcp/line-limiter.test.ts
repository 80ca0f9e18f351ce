import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, LineLimiter, LONGEST_LINE_BYTES } from '../../src/mcp/line-limiter.ts';

function pushAll(limiter: LineLimiter, chunks: readonly Buffer[]): Line[] {
  return chunks.flatMap((chunk) => [...limiter.push(chunk)]);
}

/** The buffer in pieces of these sizes, over and over. */
function inPieces(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let begin = 0, n = 0; begin < whole.length; n += 1) {
    const end = begin + (sizes[n % sizes.length] ?? 1);
    pieces.push(whole.subarray(begin, end));
    begin = end;
  }
  return pieces;
}

function textOf(line: Line): string {
  return line.kind === 'whole' ? line.bytes.toString() : `too long: ${line.length_bytes}`;
}

describe('the limiter of lines', () => {
  it('gives the same lines however the bytes arrive', () => {
    const lines = fc.array(
      fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
      { maxLength: 20 },
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lines, fc.string({ maxLength: 9 }), sizes, (texts, rest, cuts) => {
        const limiter = new LineLimiter();
        const whole = Buffer.from(`${texts.map((text) => `${text}\n`).join('')}${rest.replaceAll('\n', ' ')}`);
        expect(pushAll(limiter, inPieces(whole, cuts)).map(textOf)).toEqual(texts.map((text) => Buffer.from(text).toString()));
        expect(limiter.unfinished_bytes).toBe(Buffer.byteLength(rest.replaceAll('\n', ' ')));
      }),
    );
  });

  it.each([[[65_536]], [[LONGEST_LINE_BYTES * 2]], [[1, 700_000]], [[LONGEST_LINE_BYTES, 1]]])(
    'accepts 1 MiB and refuses one byte more, in pieces of %j',
    (sizes) => {
      const lines = [LONGEST_LINE_BYTES, LONGEST_LINE_BYTES + 1, 3, 3 * LONGEST_LINE_BYTES].map((size) => `${'x'.repeat(size)}\n`);
      const got = pushAll(new LineLimiter(), inPieces(Buffer.from(lines.join('')), sizes));
      const lengths = got.map((line) => (line.kind === 'whole' ? line.bytes.length : -line.length_bytes));
      expect(lengths).toEqual([LONGEST_LINE_BYTES, -LONGEST_LINE_BYTES - 1, 3, -3 * LONGEST_LINE_BYTES]);
    },
  );

  it.each([[[65_536]], [[4 * LONGEST_LINE_BYTES]], [[7, 1_000_000]], [[3_000, LONGEST_LINE_BYTES]]])(
    'keeps both ends of a line that is too long, in pieces of %j',
    (sizes) => {
      const whole = Buffer.from(`first${'x'.repeat(2 * LONGEST_LINE_BYTES)}last\nnext\n`);
      const [long, next] = pushAll(new LineLimiter(), inPieces(whole, sizes));
      if (long?.kind !== 'too_long' || next === undefined) throw new Error('the line was not refused');
      expect(long.head.toString()).toMatch(/^firstx+$/);
      expect(long.tail.toString()).toMatch(/^x+last$/);
      expect(long.head.length + long.tail.length).toBeLessThan(10_000);
      expect(textOf(next)).toBe('next');
    },
  );

  it('takes time that is linear in the bytes, and a line that never ends fills no memory', () => {
    const limiter = new LineLimiter();
    const piece = Buffer.alloc(1_000, 'x');
    for (let n = 0; n < 3_000; n += 1) pushAll(limiter, [piece]);
    const [heap, begin] = [process.memoryUsage().arrayBuffers, performance.now()];
    for (let n = 0; n < 100_000; n += 1) pushAll(limiter, [piece]);
    expect(process.memoryUsage().arrayBuffers - heap).toBeLessThan(50_000_000);
    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(limiter.unfinished_bytes).toBe(103_000_000);
  });
});
