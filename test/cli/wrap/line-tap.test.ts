import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineTap } from '../../../src/cli/wrap/line-tap.ts';

function read(tap: LineTap, bytes: Buffer, size: number) {
  const seen = [];
  for (let at = 0; at < bytes.length; at += size) seen.push(...tap.push(bytes.subarray(at, at + size)));
  return [...seen, ...tap.end()];
}

const call = (id: number | string, text: string) => ({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }], isError: true } });

describe('a tap on lines', () => {
  it('sees every message once, wherever the bytes are cut', () => {
    const messages = fc.array(fc.record({ id: fc.oneof(fc.nat(), fc.string()), text: fc.string({ unit: 'grapheme' }) }), { maxLength: 20 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 50 }), fc.constantFrom('\n', '\r\n'), (sent, size, end) => {
        const lines = sent.map(({ id, text }) => call(id, text));
        const bytes = Buffer.from(lines.map((line) => JSON.stringify(line) + end).join(''));
        expect(read(new LineTap(), bytes, size).map(({ message }) => message)).toEqual(lines);
      }),
    );
  });

  it('passes over what is not JSON, and an empty line', () => {
    const bytes = Buffer.concat([Buffer.from('not json\n\n{"half":\n'), Buffer.from([0xff, 0x00, 0x0a]), Buffer.from('{"id":1}\n')]);
    expect(read(new LineTap(), bytes, 3)).toMatchObject([{ message: { id: 1 }, is_cut: false }]);
  });

  it('reads the fields that matter of a line that is too long, and the next line whole', () => {
    const long = JSON.stringify(call('é"', 'x'.repeat(5_000)));
    const bytes = Buffer.from(`${long}\n${JSON.stringify(call(2, 'short'))}\n`);
    for (const size of [1, 7, 100, 10_000]) {
      expect(read(new LineTap(undefined, 1_000), bytes, size)).toEqual([
        { message: { id: 'é"', result: { isError: true } }, is_cut: true, bytes: expect.any(Number) },
        { message: call(2, 'short'), is_cut: false, bytes: expect.any(Number) },
      ]);
    }
  });

  it('asks at the beginning of each line whether it is wanted', () => {
    let isWanted = false;
    const tap = new LineTap(() => isWanted);
    expect(tap.push(Buffer.from('{"id":1}\n{"id":'))).toEqual([]);
    isWanted = true;
    expect(tap.push(Buffer.from('2}\n{"id":3}\n')).map(({ message }) => message)).toEqual([{ id: 3 }]);
  });

  it('sees a last line without a line end', () => {
    expect(read(new LineTap(), Buffer.from('{"id":1}'), 2)).toMatchObject([{ message: { id: 1 } }]);
  });
});
