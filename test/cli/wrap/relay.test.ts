import { createHash } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NOTHING_SEEN, type Observer, relay } from '../../../src/cli/wrap/relay.ts';
import { seededUniform } from '../../../src/core/random.ts';

const nothing = NOTHING_SEEN.client;

/** A side that takes its time, and says how much waited for it at most. */
function slowSide(delay_ms: number) {
  const chunks: Buffer[] = [];
  const side = new Writable({
    highWaterMark: 1_000,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setTimeout(done, delay_ms);
    },
  });
  return { side, content: () => Buffer.concat(chunks) };
}

function randomBytes(length: number): Buffer {
  const uniform = seededUniform(1);
  return Buffer.from(Array.from({ length }, () => Math.floor(uniform() * 256)));
}

describe('the relay', () => {
  it('passes every byte on in order, and the end', async () => {
    const bytes = randomBytes(200_000);
    const { side, content } = slowSide(0);
    const chunks = Array.from({ length: 400 }, (_, at) => bytes.subarray(at * 500, (at + 1) * 500));
    expect(await relay(Readable.from(chunks), side, nothing)).toBe(true);
    const hash = (buffer: Buffer) => createHash('sha256').update(buffer).digest('hex');
    expect(hash(content())).toBe(hash(bytes));
  });

  it('waits for a side that does not take more', async () => {
    const from = new PassThrough({ highWaterMark: 1_000 });
    const to = new Writable({ highWaterMark: 1_000, write: () => {} });
    void relay(from, to, nothing);
    let isFull = false;
    for (let at = 0; at < 100 && !isFull; at += 1) {
      isFull = !from.write(Buffer.alloc(500));
      await sleep(1);
    }
    expect(isFull).toBe(true);
    expect(to.writableLength).toBeLessThanOrEqual(2_000);
  });

  it('shows urgent chunks before they are passed on, the others after', async () => {
    const order: string[] = [];
    const to = new Writable({
      write(chunk: Buffer, _encoding, done) {
        order.push(`passed ${chunk}`);
        done();
      },
    });
    const observer: Observer = {
      isUrgent: (chunk) => chunk.toString() === 'b',
      look: (chunk) => order.push(`seen ${chunk}`),
      end: () => order.push('end'),
    };
    await relay(Readable.from([Buffer.from('a'), Buffer.from('b')]), to, observer);
    expect(order).toEqual(['passed a', 'seen a', 'seen b', 'passed b', 'end']);
  });

  it('closes the source when the other side breaks', async () => {
    const from = new PassThrough();
    const to = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const relayed = relay(from, to, nothing);
    from.write('x');
    expect(await relayed).toBe(false);
    expect(from.destroyed).toBe(true);
  });
});
