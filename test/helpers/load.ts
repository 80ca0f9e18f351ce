import { expect } from 'vitest';
import type { StdioClient } from './stdio-client.ts';

/** The load of the fault tests: writer `w` reports its n-th call. The same numbers, the same call. */

export interface Call {
  readonly execution_id: string;
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly execution_time_ms: number;
  readonly user_rating?: number;
  readonly query: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export const CALLS_A_SESSION = 10;
const TOOLS = ['search', 'ledger', 'mail', 'files', 'server/read'];

export function callOf(writer: number | string, n: number): Call {
  return {
    execution_id: `${writer}-${n}`,
    session_id: `session ${writer}-${Math.floor(n / CALLS_A_SESSION)}`,
    tool_name: TOOLS[(n * 7 + (n >> 2)) % TOOLS.length] ?? 'search',
    success: n % 5 !== 2,
    execution_time_ms: 10 + (n % 90),
    ...(n % 4 === 0 ? { user_rating: 1 + (n % 5) } : {}),
    query: `find entity ${n % 3} of the ledger`,
    arguments: { limit: 10 * (n % 4), format: 'json' },
  };
}

export function callsOf(writer: number | string, count: number): readonly Call[] {
  return Array.from({ length: count }, (_, n) => callOf(writer, n));
}

/** Exactly these calls are in the file, each once, and every total that a client can ask for is theirs. */
export async function expectTotals(client: StdioClient, calls: readonly Call[]): Promise<void> {
  const { tools } = await client.ask('get_tool_metrics', { limit: 500 });
  expect(new Map(tools.map((tool) => [tool.tool_name, tool]))).toEqual(new Map(TOOLS.flatMap((tool) => totalsOf(tool, calls))));
  expect(await client.ask('get_learning_stats', { window: 10_000 })).toMatchObject({
    update_count: calls.length,
    metrics: { reward: { count: Math.min(calls.length, 10_000) } },
  });
}

function totalsOf(tool_name: string, calls: readonly Call[]): readonly (readonly [string, unknown])[] {
  const own = calls.filter((call) => call.tool_name === tool_name);
  if (own.length === 0) return [];
  const success_count = own.filter(({ success }) => success).length;
  const ratings = own.flatMap(({ user_rating = [] }) => user_rating);
  const totals = {
    tool_name,
    total_calls: own.length,
    success_count,
    failure_count: own.length - success_count,
    avg_execution_time_ms: expect.closeTo(mean(own.map(({ execution_time_ms }) => execution_time_ms)), 6),
    avg_user_rating: ratings.length === 0 ? null : expect.closeTo(mean(ratings), 6),
  };
  return [[tool_name, expect.objectContaining(totals)]];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sends the calls with at most `lanes` unanswered ones. `acknowledged` is told of each answer; a server that leaves ends it. */
export async function sendAll(
  client: StdioClient,
  calls: readonly Call[],
  { lanes = 1, acknowledged = () => {} }: { readonly lanes?: number; readonly acknowledged?: (call: Call) => void } = {},
): Promise<void> {
  const left = calls.values();
  const lane = async () => {
    for (const call of left) {
      const { isError, content } = await client.call('record_execution', call);
      if (isError === true) throw new Error(`record_execution: ${content[0]?.text}`);
      acknowledged(call);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Tells on the test's output what was measured and is not judged. */
export function reported(what: string, numbers: Readonly<Record<string, number>>): void {
  const parts = Object.entries(numbers).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  console.info(`${what}: ${parts.join(', ')}`);
}
