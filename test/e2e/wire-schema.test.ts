import { describe, expect, it } from 'vitest';
import { faultsOf } from '../helpers/wire-schema.ts';

/** The judge of every other file here must itself be able to say no. */
describe('the check of each stdout line', () => {
  const methodOf = (id: string | number) => (id === 1 ? 'tools/call' : undefined);

  it('accepts a result of the method that was asked, an error and a notification', () => {
    const good = [
      '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"found"}]}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"unknown tool"}}',
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}',
    ];
    expect(good.flatMap((line) => faultsOf(line, methodOf))).toEqual([]);
  });

  it.each([
    ['text', 'server ready'],
    ['an empty line', ''],
    ['another protocol version', '{"jsonrpc":"1.0","id":1,"result":{"content":[]}}'],
    ['a result of another shape', '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}'],
    ['content of an unknown kind', '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"texts","text":"found"}]}}'],
    ['an answer to nobody', '{"jsonrpc":"2.0","id":2,"result":{"content":[]}}'],
    ['an error for the id null', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"not JSON"}}'],
    ['an unknown notification', '{"jsonrpc":"2.0","method":"notifications/ready"}'],
  ])('refuses %s', (_, line) => {
    expect(faultsOf(line, methodOf)).not.toEqual([]);
  });
});
