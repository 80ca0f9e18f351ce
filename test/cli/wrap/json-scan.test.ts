import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEEPEST, JsonScan } from '../../../src/cli/wrap/json-scan.ts';

const FIELDS = new Set(['id', 'method', 'result', 'error', 'isError', 'params', 'name', 'é/"\\']);

/** What a scan must tell, by the slow way. */
function shrunk(value: unknown, depth = 1): unknown {
  if (Array.isArray(value)) return undefined;
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value)) - 2 > 1024 ? undefined : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return undefined;
  const fields = Object.entries(value).filter(([name]) => FIELDS.has(name));
  return Object.fromEntries(
    fields.flatMap(([name, inside]) => (shrunk(inside, depth + 1) === undefined ? [] : [[name, shrunk(inside, depth + 1)]])),
  );
}

function messagesIn(value: unknown): unknown[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one)).map((one) => shrunk(one));
}

function scanned(bytes: Buffer, cuts: readonly number[] = []): unknown[] {
  const told: unknown[] = [];
  const scan = new JsonScan(FIELDS, (message) => told.push(message));
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [at, place] of [...places, bytes.length].entries()) scan.push(bytes.subarray(places[at - 1] ?? 0, place));
  return told;
}

const name = fc.oneof(fc.constantFrom(...FIELDS), fc.constantFrom('__proto__', 'text', 'content', ''), fc.string());
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(null, true, false, 'x'.repeat(1022), 'é'.repeat(513), '\u2028\ud83d\ude00"\\\n'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe('a scan of JSON that is not held', () => {
  it('tells the same fields as JSON.parse, of any JSON cut anywhere', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 12 });
    const spaces = fc.constantFrom('', ' ', '\t');
    fc.assert(
      fc.property(json, cuts, spaces, (value, places, space) => {
        const text = JSON.stringify(value, null, space);
        expect(scanned(Buffer.from(text), places)).toEqual(messagesIn(JSON.parse(text)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes a name that occurs twice as JSON.parse does: the last counts', () => {
    expect(scanned(Buffer.from('{"result":{"isError":true},"id":1,"result":{}}'))).toEqual([{ result: {}, id: 1 }]);
    expect(scanned(Buffer.from('{"id":1,"id":[2]}'))).toEqual([{}]);
  });

  it('reads names and texts that are written with escapes', () => {
    expect(scanned(Buffer.from('{"\\u0069d":"\\u0031","method":"tools\\/call"}'))).toEqual([{ id: '1', method: 'tools/call' }]);
  });

  it('keeps numbers and texts apart', () => {
    expect(scanned(Buffer.from('[{"id":1},{"id":"1"},{"id":1e0},{"id":null}]'))).toEqual([{ id: 1 }, { id: '1' }, { id: 1 }, { id: null }]);
  });

  it('takes any bytes without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat()), (bytes, places) => {
        scanned(Buffer.from(bytes), places);
        const garbled = Buffer.concat([Buffer.from('{"id":1,"result":{"isError":'), Buffer.from(bytes), Buffer.from('}}')]);
        scanned(garbled, places);
      }),
    );
  });

  it('makes no field of a prototype', () => {
    const [message] = scanned(Buffer.from('{"__proto__":{"isError":true},"id":1}'));
    expect(message).toEqual({ id: 1 });
    expect((message as { isError?: boolean }).isError).toBe(undefined);
  });

  it('keeps no more than a thousand fields of one message', () => {
    const inner = `{"name":{${'"id":1,'.repeat(5_000)}"id":2},"method":"m"}`;
    expect(JSON.stringify(scanned(Buffer.from(inner))).length).toBeLessThan(100);
  });
});
