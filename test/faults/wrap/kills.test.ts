import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import { isLong } from '../../helpers/long.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { answeredIn, call, FAILING, Peer, processesWith, storedIn, takeIn, wrapped } from './support.ts';

const KILLS = isLong ? 50 : 4;
const LANES = 8;
const LONGEST_LIFE_MS = 300;
/** The guard gives a server a second before SIGTERM, and two more before SIGKILL. */
const GONE_WITHIN_MS = 8_000;

/** Calls one after the other in some lanes, until the process is gone. */
function load(peer: Peer, from: number): void {
  let next = from + LANES;
  let seen = 0;
  peer.child.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) seen += 1;
    for (; next < from + LANES + seen; next += 1) peer.send(call(next));
  });
  peer.send(...Array.from({ length: LANES }, (_, at) => call(from + at)));
}

async function expectGone(mark: string): Promise<void> {
  await expect.poll(() => processesWith(mark), { timeout: GONE_WITHIN_MS, interval: 100 }).toEqual([]);
}

/** Runs a server under load until `kill` was given its life time. @returns the calls whose answers came */
async function answeredUntil(db: string, mark: string, from: number, command: readonly string[], kill: (peer: Peer) => Promise<void>) {
  const peer = new Peer(wrapped(db, [...command, mark]));
  load(peer, from);
  await peer.untilLines(1);
  await kill(peer);
  await peer.exited;
  return answeredIn(peer.lines());
}

const uniform = seededUniform(5);
const life = () => new Promise((resolve) => setTimeout(resolve, uniform() * LONGEST_LIFE_MS));

async function expectAllRecorded(db: string, answered: readonly number[]): Promise<void> {
  await takeIn(db);
  const numbers = storedIn(db).map(({ n }) => n);
  expect(new Set(numbers).size, 'recorded twice').toBe(numbers.length);
  const recorded = new Set(numbers);
  expect(answered.filter((n) => !recorded.has(n))).toEqual([]);
  expect(answered.length).toBeGreaterThanOrEqual(KILLS);
}

describe('kill -9', () => {
  it(`of wrap at ${KILLS} random moments: no process is left, and every call that was answered is recorded`, async () => {
    const db = temporaryDatabase();
    const answered: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const mark = `${db}#${kill}`;
      const killed = async (peer: Peer) => {
        await life();
        peer.child.kill('SIGKILL');
      };
      answered.push(...(await answeredUntil(db, mark, kill * 100_000, [process.execPath, FAILING], killed)));
      await expectGone(mark);
    }
    await expectAllRecorded(db, answered);
  });

  it(`of the server at ${KILLS} random moments: wrap ends the same way at once, and every call that was answered is recorded`, async () => {
    const db = temporaryDatabase();
    const answered: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const mark = `${db}#${kill}`;
      const killed = async (peer: Peer) => {
        await life();
        const [server] = processesWith(mark).filter((pid) => pid !== peer.child.pid);
        process.kill(server ?? 0, 'SIGKILL');
        expect(await peer.exited).toEqual({ code: null, signal: 'SIGKILL' });
      };
      answered.push(...(await answeredUntil(db, mark, kill * 100_000, [process.execPath, FAILING], killed)));
      await expectGone(mark);
    }
    await expectAllRecorded(db, answered);
  });

  it('of wrap leaves no server that ignores the end of its stdin and SIGTERM, nor what a shell before it started', async () => {
    const mark = `${temporaryDatabase()}#stubborn`;
    const script = `process.on('SIGTERM',()=>{});setInterval(()=>{},1000);process.stdout.write('{}\\n')`;
    const shell = ['/bin/sh', '-c', `"$0" -e "$1" "$2" & "$0" -e "$1" "$2"; wait`, process.execPath, script];
    const peer = new Peer(wrapped(temporaryDatabase(), [...shell, mark]));
    await peer.untilLines(2);
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(3);
    peer.child.kill('SIGKILL');
    await expectGone(mark);
  });

  it('of the client, whose pipes another process holds open, leaves nothing', async () => {
    const db = temporaryDatabase();
    const mark = `${db}#client`;
    const words = wrapped(db, [process.execPath, FAILING, mark]);
    const code = `require('child_process').spawn(${JSON.stringify(words[0])},${JSON.stringify(words.slice(1))},{stdio:'inherit'});setInterval(()=>{},1000)`;
    const client = new Peer([process.execPath, '-e', code]);
    client.send(call(1));
    await client.untilLines(1);
    process.kill(client.child.pid ?? 0, 'SIGKILL'); // its stdin and stdout are ours: they stay open
    await expectGone(mark);
  });

  it('a normal end leaves no guard behind', async () => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, [process.execPath, FAILING]));
    peer.send(call(1));
    await peer.untilLines(1);
    const server = processesWith(FAILING).filter((pid) => pid !== peer.child.pid);
    const guards = server.flatMap((pid) => processesWith(`toolwise-wrap-guard ${pid}`));
    expect(guards).toHaveLength(1);
    await peer.end();
    await expect.poll(() => server.flatMap((pid) => processesWith(`toolwise-wrap-guard ${pid}`)), { timeout: 1_000 }).toEqual([]);
  });
});
