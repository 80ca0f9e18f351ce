import { createInterface } from 'node:readline';

/** A server whose tool fails every third time, each time in another way. Its texts are a function of the request: two runs answer the same bytes. */

interface Request {
  readonly id: number | string;
  readonly method: string;
  readonly params?: { readonly arguments?: { readonly n?: number } };
}

const TOOLS = [{ name: 'work', description: 'Works, mostly', inputSchema: { type: 'object' } }];

const text = (words: string) => ({ content: [{ type: 'text', text: words }] });
const error = { ...text('it broke'), isError: true };
const FAILURES: readonly object[] = [
  { error: { code: -32602, message: 'it broke' } },
  { result: error },
  { result: { result: error } },
  { result: text(JSON.stringify(error)) },
];

function answer({ method, params }: Request): object {
  if (method === 'tools/list') return { result: { tools: TOOLS } };
  if (method !== 'tools/call') return { error: { code: -32601, message: 'unknown' } };
  const n = params?.arguments?.n ?? 0;
  return n % 3 === 0 ? (FAILURES[(n / 3) % FAILURES.length] ?? {}) : { result: text(`did ${n}`) };
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line) as Request;
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, ...answer(request) })}\n`);
});
