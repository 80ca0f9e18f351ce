import { describe, expect, it } from 'vitest';
import { firstValueOf, rowsOf } from '../helpers/database-file.ts';
import { type StdioClient, useServers } from '../helpers/stdio-client.ts';
import { temporaryDatabase } from '../helpers/temporary.ts';

const TOOLS = ['search', 'ledger', 'mail', 'files'];

const start = useServers();

interface Call {
  readonly execution_id: string;
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly execution_time_ms: number;
  readonly user_rating: number;
  readonly query: string;
}

function callOf(client: number, n: number): Call {
  return {
    execution_id: `${client}-${n}`,
    session_id: `session ${client}-${n % 5}`,
    tool_name: TOOLS[n % TOOLS.length] ?? 'search',
    success: n % 3 !== 0,
    execution_time_ms: n,
    user_rating: 1 + (n % 5),
    query: `find entity ${n % 2}`,
  };
}

/** The metrics that these calls must add up to, by tool, in alphabetic order. */
function expectedMetrics(calls: readonly Call[]): readonly object[] {
  return [...TOOLS].sort().map((tool_name) => {
    const own = calls.filter((call) => call.tool_name === tool_name);
    const success_count = own.filter(({ success }) => success).length;
    return { tool_name, total_calls: own.length, success_count, failure_count: own.length - success_count, ...meansOf(own) };
  });
}

function meansOf(calls: readonly Call[]): object {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    avg_execution_time_ms: expect.closeTo(mean(calls.map(({ execution_time_ms }) => execution_time_ms)), 6),
    avg_user_rating: expect.closeTo(mean(calls.map(({ user_rating }) => user_rating)), 6),
  };
}

async function expectAllKept(client: StdioClient, calls: readonly Call[]): Promise<void> {
  const { tools } = await client.ask('get_tool_metrics');
  expect([...tools].sort((a, b) => (a.tool_name < b.tool_name ? -1 : 1))).toMatchObject(expectedMetrics(calls));
  expect(await client.ask('get_learning_stats', { window: 10_000 })).toMatchObject({
    update_count: calls.length,
    metrics: { reward: { count: calls.length } },
  });
  expectConsistent(client.db);
}

/** The derived tables must be what the log of executions adds up to. */
function expectConsistent(db: string): void {
  const executions = Number(firstValueOf(db, 'SELECT count(*) FROM executions'));
  expect(firstValueOf(db, 'SELECT sum(total_calls) FROM tools')).toBe(executions);
  expect(firstValueOf(db, 'SELECT update_count FROM learner')).toBe(executions);
  const visits = "SELECT sum(a.visit_count) FROM action_values a JOIN contexts c USING (context_id) WHERE c.level = 'exact'";
  expect(firstValueOf(db, visits)).toBe(executions);
  expect(firstValueOf(db, 'SELECT sum(step_count) FROM sessions')).toBe(executions);
  expect(firstValueOf(db, 'PRAGMA integrity_check')).toBe('ok');
}

describe('no acknowledged call is lost', () => {
  it('200 parallel calls in one process: 200 are kept and every sum is exact', async () => {
    const client = await start();
    const calls = Array.from({ length: 200 }, (_, n) => callOf(0, n));
    const answers = await Promise.all(calls.map((call) => client.ask('record_execution', call)));
    expect(answers.map(({ execution_id }) => execution_id)).toEqual(calls.map(({ execution_id }) => execution_id));
    await expectAllKept(client, calls);
  });

  it('4 processes with 100 calls each: 400 are kept and every sum is exact', async () => {
    const db = temporaryDatabase();
    const clients = await Promise.all([0, 1, 2, 3].map(() => start({ db })));
    const calls = clients.map((_, who) => Array.from({ length: 100 }, (__, n) => callOf(who, n)));
    await Promise.all(
      clients.map(async (client, who) => {
        for (const call of calls[who] ?? []) await client.ask('record_execution', call);
      }),
    );
    for (const client of clients) await expectAllKept(client, calls.flat());
  });

  it.each([1, 17, 60])('kill -9 after %i acknowledged calls loses none of them', async (acknowledged) => {
    const victim = await start();
    const kept: string[] = [];
    const calls = Array.from({ length: 120 }, (_, n) => callOf(9, n));
    const sent = calls.map((call) =>
      victim
        .call('record_execution', call)
        .then(() => kept.push(call.execution_id))
        .then(killAtGoal),
    );
    function killAtGoal(): void {
      if (kept.length >= acknowledged) victim.child.kill('SIGKILL');
    }
    await Promise.allSettled(sent);
    expect(await victim.exited).toMatchObject({ signal: 'SIGKILL' });
    const successor = await start({ db: victim.db });
    const stored = rowsOf(victim.db, 'SELECT execution_id FROM executions').map(({ execution_id }) => execution_id);
    expect(stored).toEqual(expect.arrayContaining(kept));
    expect(kept.length).toBeGreaterThanOrEqual(acknowledged);
    for (const call of calls) await successor.ask('record_execution', call);
    await expectAllKept(successor, calls);
  });
});
