import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineTransport } from '../../src/mcp/line-transport.ts';
import { testEngine } from '../helpers/engine.ts';
import { INITIALIZE, RECORD, type Reply, replies, served } from './served.ts';

/** What the server answers until it has left, and what it logs. */
async function exchange(lines: readonly string[], broken?: () => never): Promise<{ readonly got: Reply[]; readonly logged: string[] }> {
  const engine = await testEngine();
  const stdout = new PassThrough();
  const { stdin, connection, logged } = await served(async () => broken?.() ?? engine, stdout);
  const chunks: Buffer[] = [];
  stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  stdin.end(lines.map((line) => `${line}\n`).join(''));
  await connection.closed;
  const text = Buffer.concat(chunks).toString().trimEnd();
  return { got: text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Reply), logged };
}

const line = (message: object) => JSON.stringify({ jsonrpc: '2.0', ...message });
const ping = (id: number | string) => line({ id, method: 'ping' });
const cancel = (requestId: unknown) => line({ method: 'notifications/cancelled', params: { requestId } });
const answer = (id: number | string) => ({ jsonrpc: '2.0', id, result: {} });

describe('malformed lines', () => {
  it.each([
    ['{"jsonrpc":', -32700, /^a message was not handled: it is not JSON; send one JSON object a line \([^\n]+\)$/],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, /^a message was not handled: it is not JSON-RPC 2\.0; [^\n]+no batch[^\n]+$/],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, /^a message was not handled: it is not JSON-RPC 2\.0; [^\n]+$/],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, /^a message was not handled: it is not JSON-RPC 2\.0; [^\n]+$/],
  ])('%s is answered with the error %i and logged in one line, and the next request is answered', async (text, code, entry) => {
    const { got, logged } = await exchange([text, ping(2)]);
    expect(logged).toEqual([expect.stringMatching(entry)]);
    expect(got).toEqual([{ jsonrpc: '2.0', error: { code, message: expect.stringContaining('; send ') } }, answer(2)]);
  });

  it('are answered with the id of the request when it has one', async () => {
    const { got } = await exchange(['{"jsonrpc":"2.0","id":"a","method":"tools/list","params":[]}', '{"id":4}']);
    expect(got).toMatchObject([
      { id: 'a', error: { code: -32600 } },
      { id: 4, error: { code: -32600 } },
    ]);
  });

  it('reach the log escaped and cut', async () => {
    const { logged } = await exchange([
      `\u001b[31m\u0007${'x'.repeat(10_000)}`,
      `{"jsonrpc":"2.0","id":5,"result":{"a":"\\u001b[0m${'y'.repeat(9_000)}"}}`,
    ]);
    expect(logged).toHaveLength(2);
    for (const entry of logged) {
      expect(entry).toMatch(/^[ -~]+$/);
      expect(entry.length).toBeLessThan(400);
    }
  });
});

describe('cancellations', () => {
  it.each([1, '1', 'other', 0, null, {}])('of %j, which is not in flight, do not touch the request right after', async (id) => {
    const { got } = await exchange([cancel(id), ping(1), cancel('other'), line({ id: 2, ...RECORD })]);
    expect(got.map((reply) => reply.id)).toEqual([1, 2]);
  });

  it('silence the request that is in flight, and only that', async () => {
    const { got } = await exchange([line({ id: 1, ...RECORD }), cancel(1), ping(2), ping(1)]);
    expect(got).toEqual([answer(2), answer(1)]);
  });

  it('two requests with the same id are both answered', async () => {
    const { got } = await exchange([ping(1), line({ id: 1, ...INITIALIZE }), ping(1)]);
    expect(got.map((reply) => reply.id)).toEqual([1, 1, 1]);
  });
});

describe('a bug', () => {
  it('behind a tool, or of the engine, is a general sentence for the agent and a line in the log', async () => {
    const secret = '/home/somebody/private.db';
    const { got, logged } = await exchange([line({ id: 1, ...RECORD }), ping(2)], () => {
      throw new TypeError(`cannot read ${secret}`);
    });
    expect(got.toSorted((a, b) => Number(a.id) - Number(b.id))).toMatchObject([{ id: 1, result: { isError: true } }, answer(2)]);
    expect(JSON.stringify(got)).not.toContain(secret);
    expect(logged.join('\n')).toContain(secret);
  });

  it('that makes an answer impossible to write still answers the request', async () => {
    const stdout = new PassThrough();
    const transport = new LineTransport(new PassThrough(), stdout);
    const errors: Error[] = [];
    transport.onerror = (error) => errors.push(error);
    await transport.send({ jsonrpc: '2.0', id: 1, result: { size: 1n } });
    expect(replies(stdout)).toMatchObject([{ id: 1, error: { code: -32603 } }]);
    expect(errors).toEqual([expect.any(TypeError)]);
  });

  it('while a request is taken still answers it, and the next', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const transport = new LineTransport(stdin, stdout);
    transport.onmessage = () => {
      throw new RangeError('too deep');
    };
    await transport.start();
    const ended = new Promise<void>((resolve) => {
      transport.onend = resolve;
    });
    stdin.end(`${ping(1)}\n${ping(2)}\n`);
    await ended;
    expect(replies(stdout)).toMatchObject([
      { id: 1, error: { code: -32603 } },
      { id: 2, error: { code: -32603 } },
    ]);
    expect(transport.inFlight.pending).toBe(0);
  });
});
