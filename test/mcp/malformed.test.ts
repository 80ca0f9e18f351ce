import { describe, expect, it } from 'vitest';
import { LineLimiter, LONGEST_LINE_BYTES } from '../../src/mcp/line-limiter.ts';
import { readMessage } from '../../src/mcp/malformed.ts';

function read(text: string | Buffer): ReturnType<typeof readMessage> {
  const [line] = new LineLimiter().push(Buffer.concat([Buffer.from(text), Buffer.from('\n')]));
  if (line === undefined) throw new Error('there is no line');
  return readMessage(line);
}

/** `code id`, or the message itself. */
function outcome(text: string | Buffer): unknown {
  const answer = read(text);
  if (answer === null) return null;
  return 'fault' in answer ? `${answer.fault.code} ${JSON.stringify(answer.id)}` : answer.message;
}

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const LONG = 'x'.repeat(LONGEST_LINE_BYTES);

describe('a line of stdin', () => {
  it.each([
    ['as it is', JSON.stringify(PING)],
    ['with a carriage return', `${JSON.stringify(PING)}\r`],
    ['after a byte order mark', `\ufeff${JSON.stringify(PING)}`],
    ['between spaces', `  ${JSON.stringify(PING)}\t`],
  ])('is a message %s', (_, text) => {
    expect(outcome(text)).toEqual(PING);
  });

  it.each(['', '\r', '  \t', '\ufeff'])('is nothing when it is empty: %j', (text) => {
    expect(outcome(text)).toBe(null);
  });

  it.each([
    ['not json', '-32700 undefined'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"', '-32700 undefined'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"}{}', '-32700 undefined'],
    ['{"jsonrpc":"2.0","id":1,"method":"pi\u0000ng"}', '-32700 undefined'],
    ['\u0000', '-32700 undefined'],
    ['null', '-32600 undefined'],
    ['"text"', '-32600 undefined'],
    ['[]', '-32600 undefined'],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":1e300,"method":"ping"}', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":true,"method":"ping"}', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":7}', '-32600 7'],
    ['{"jsonrpc":"2.0","id":7,"method":null}', '-32600 7'],
    ['{"jsonrpc":"2.0","id":7,"method":["ping"]}', '-32600 7'],
    ['{"jsonrpc":"1.0","id":7,"method":"ping"}', '-32600 7'],
    ['{"id":7,"method":"ping"}', '-32600 7'],
    ['{"jsonrpc":"2.0","id":"seven","method":"ping","params":[]}', '-32600 "seven"'],
    ['{"jsonrpc":"2.0","id":7,"method":"ping","params":null}', '-32600 7'],
    ['{"jsonrpc":"2.0","id":7,"method":"ping","params":"text"}', '-32600 7'],
    ['{"jsonrpc":"2.0","id":7,"method":"ping","params":{"_meta":5}}', '-32600 7'],
    ['{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}', '-32600 7'],
    ['{"jsonrpc":"2.0","id":7,"result":"text"}', '-32600 undefined'],
    ['{"jsonrpc":"2.0","id":7,"error":"text"}', '-32600 undefined'],
    ['{"__proto__":{"id":7},"method":"ping"}', '-32600 undefined'],
  ])('%s is refused as %s: with the id of the request, where there is one', (text, wanted) => {
    expect(outcome(text)).toBe(wanted);
  });

  it('that is not UTF-8 is refused, not repaired', () => {
    const name = Buffer.from([0x22, 0x63, 0x61, 0x66, 0xe9, 0x22]); // "café" in Latin-1
    const line = Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":3,"method":"ping","params":{"a":'), name, Buffer.from('}}')]);
    expect(outcome(line)).toBe('-32700 3');
    expect(outcome(Buffer.from([0xff, 0xfe, 0x7b, 0x00]))).toBe('-32700 undefined');
    expect(outcome('{"jsonrpc":"2.0","id":3,"method":"ping","params":{"a":"\ufffd"}}')).toMatchObject({ id: 3 });
  });

  it('nested as deep as a line can be is a message or refused', () => {
    const deep = `${'['.repeat(LONGEST_LINE_BYTES / 2 - 100)}${']'.repeat(LONGEST_LINE_BYTES / 2 - 100)}`;
    expect(outcome(`{"jsonrpc":"2.0","id":3,"method":"ping","params":{"a":${deep}}}`)).toMatchObject({ id: 3 });
    expect(outcome(deep)).toBe('-32600 undefined');
  });
});

describe('a line longer than 1 MiB', () => {
  it.each([
    [`{"jsonrpc":"2.0","id":12,"method":"tools/call","params":{"a":"${LONG}"}}`, '-32600 12'],
    [`\ufeff { "id" : "a\\"b" , "jsonrpc" : "2.0" , "params":{"a":"${LONG}"}}`, '-32600 "a\\"b"'],
    [`{"method":"tools/call","params":{"a":"${LONG}"},"jsonrpc":"2.0","id":12}`, '-32600 12'],
    [`{"method":"tools/call","params":{"a":"${LONG}"},"id":"é","jsonrpc":"2.0"}\r`, '-32600 "é"'],
    [`{"method":"tools/call","params":{"a":"${LONG}","id":12}}`, '-32600 undefined'],
    [`{"method":"tools/call","params":{"id":12,"a":"${LONG}"}}`, '-32600 undefined'],
    [`{"method":"tools/call","params":{"a":"${LONG}\\",\\"id\\":12}"}}`, '-32600 undefined'],
    [`{"jsonrpc":"2.0","id":1.5,"params":{"a":"${LONG}"}}`, '-32600 undefined'],
    [`{"jsonrpc":"2.0","id":null,"params":{"a":"${LONG}"}}`, '-32600 undefined'],
    [`{"jsonrpc":"2.0","id":"${LONG}"}`, '-32600 undefined'],
    [`[{"jsonrpc":"2.0","id":1,"params":{"a":"${LONG}"}}]`, '-32600 undefined'],
    [`{"id":12,{"id":12,{"id":12,`.repeat(50_000), '-32600 12'],
    ['"'.repeat(2 * LONGEST_LINE_BYTES), '-32600 undefined'],
  ])('is refused with the id, when that stands at its begin or end (case %#)', (text, wanted) => {
    const begin = performance.now();
    expect(outcome(text)).toBe(wanted);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('is told how long it was', () => {
    expect(read('x'.repeat(2_000_000))).toEqual({
      fault: expect.objectContaining({ message: 'message longer than 1 MiB (2000000 bytes); send a smaller one' }),
    });
  });
});
