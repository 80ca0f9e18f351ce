import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { isLong } from '../../helpers/long.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { call, FAILING, fails, Peer, type Recorded, spooledIn, storedIn, takeIn, wrapped } from './support.ts';

const CALLS = isLong ? 10_000 : 1_000;
const SERVER = [process.execPath, FAILING];
const numbers = Array.from({ length: CALLS }, (_, at) => at + 1);

function expectRight(recorded: readonly Recorded[], tool_name: string): void {
  const sorted = recorded.toSorted((a, b) => a.n - b.n);
  expect(sorted).toEqual(numbers.map((n) => ({ n, tool_name, success: !fails(n) })));
}

/** Sends all calls at once, and returns what came back, byte for byte. */
async function session(peer: Peer): Promise<Buffer> {
  peer.send({ id: 0, method: 'tools/list' }, ...numbers.map((n) => call(n)));
  await peer.untilLines(CALLS + 1);
  expect(await peer.end()).toEqual({ code: 0, signal: null });
  return peer.stdout;
}

describe('a wrapped server', () => {
  it(`answers ${CALLS} calls at once with the same bytes as without us, and each is recorded with its outcome`, async () => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, SERVER, ['--name', 'failing']));
    const [direct, through] = await Promise.all([session(new Peer(SERVER)), session(peer)]);
    expect(through.equals(direct)).toBe(true);
    expect(peer.stderr).toBe('');
    const spooled = spooledIn(db);
    await takeIn(db);
    expectRight(storedIn(db), 'mcp__failing__work');
    expect(spooled.at(0)).toMatchObject({ kind: 'tool', tool_name: 'mcp__failing__work', description: 'Works, mostly' });
    expect(spooled.at(-1)).toMatchObject({ kind: 'end', session_id: expect.stringMatching(/^wrap\/failing\//) });
  });

  it('has its calls in the database while it runs', async () => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, SERVER));
    peer.send(call(1), call(2));
    await peer.untilLines(2);
    await expect.poll(() => databaseCount(db), { timeout: 10_000 }).toBe(2);
    peer.send(call(3));
    await expect.poll(() => databaseCount(db), { timeout: 10_000 }).toBe(3);
    await peer.end();
  });

  it('belongs to the session that Claude Code names in the environment, which goes on without it', async () => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, SERVER), { CLAUDE_CODE_SESSION_ID: 'abc' });
    peer.send({ id: 1, method: 'tools/call', params: { name: 'work', arguments: { n: 1 }, _meta: { 'claudecode/toolUseId': 'toolu_1' } } });
    await peer.untilLines(1);
    await peer.end();
    expect(spooledIn(db)).toMatchObject([{ kind: 'call', session_id: 'claude-code/abc', call_id: 'toolu_1', turn_id: null }]);
  });

  it('keeps nothing of texts under --recorded-text none', async () => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, SERVER, ['--recorded-text', 'none']));
    peer.send(call(1), call(3));
    await peer.untilLines(2);
    await peer.end();
    const texts = { arguments: null, result: null, error_message: null };
    expect(spooledIn(db)).toMatchObject([{ success: true, ...texts }, { success: false, ...texts }, { kind: 'end' }]);
  });
});

function databaseCount(db: string): number {
  try {
    return Number(firstValueOf(db, 'SELECT count(*) FROM executions'));
  } catch {
    return 0; // not made yet
  }
}
