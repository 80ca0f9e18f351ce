import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../../src/core/random.ts';
import { isLong } from '../../helpers/long.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { Peer, recordedIn, spooledIn, wrapped } from './support.ts';

const MIB = 1_048_576;
const SIZE = (isLong ? 64 : 4) * MIB;
const COPY = 'process.stdin.pipe(process.stdout)';
const uniform = seededUniform(9);

function garbage(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE(Math.floor(uniform() * 4_294_967_296), at);
  return bytes;
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Writes in pieces of any size, no faster than they are taken. */
async function writeAll(peer: Peer, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const size = Math.ceil(uniform() ** 4 * 300_000);
    const isTaken = peer.child.stdin.write(bytes.subarray(at, at + size));
    at += size;
    if (!isTaken) await new Promise((resolve) => peer.child.stdin.once('drain', resolve));
  }
}

/** Peak resident memory, MB; NaN where the system does not tell. */
function peakMemory(pid: number): number {
  const file = `/proc/${pid}/status`;
  return existsSync(file) ? Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024 : Number.NaN;
}

describe('bytes', () => {
  it(`pass in both directions as they are: ${SIZE / MIB} MiB of garbage in pieces of any size`, async () => {
    const db = temporaryDatabase();
    const peer = new Peer(wrapped(db, [process.execPath, '-e', COPY]));
    const bytes = garbage(SIZE);
    await writeAll(peer, bytes);
    expect(await peer.end()).toEqual({ code: 0, signal: null });
    expect(hash(peer.stdout)).toBe(hash(bytes));
    expect(peer.stderr).toBe('');
    expect(spooledIn(db)).toEqual([]);
  });

  it('pass among calls, with texts cut inside a character', async () => {
    const db = temporaryDatabase();
    const answer = (id: number) =>
      `{"id":${id},"result":{"content":[{"type":"text","text":"žluťoučký kůň 🐎"}],"isError":${id === 2}}}\r\n`;
    const script = `process.stdin.once('data',async()=>{for(const byte of Buffer.from(${JSON.stringify(answer(1) + answer(2))})){process.stdout.write(Buffer.from([byte]));await new Promise(r=>setTimeout(r,1))}})`;
    const peer = new Peer(wrapped(db, [process.execPath, '-e', script]));
    peer.child.stdin.write(
      [1, 2].map((n) => `{"id":${n},"method":"tools/call","params":{"name":"kůň","arguments":{"n":${n}}}}\r\n`).join(''),
    );
    await peer.untilLines(2);
    await peer.end();
    expect(peer.stdout.toString()).toBe(answer(1) + answer(2));
    expect(spooledIn(db)).toMatchObject([{ success: true }, { success: false, error_message: 'žluťoučký kůň 🐎' }, { kind: 'end' }]);
  });

  it('of a client that does not read wait in the server, not in us', async () => {
    const flood = `const chunk=Buffer.alloc(65536,97);const next=()=>{while(process.stdout.write(chunk));process.stdout.once('drain',next)};next()`;
    const peer = new Peer(wrapped(temporaryDatabase(), [process.execPath, '-e', flood]));
    await peer.untilLines(0);
    peer.child.stdout.pause();
    await sleep(1_500);
    const peak_mb = peakMemory(peer.child.pid ?? 0);
    if (!Number.isNaN(peak_mb)) expect(peak_mb).toBeLessThan(120);
    peer.child.kill('SIGKILL');
    peer.child.stdout.resume();
    await peer.exited;
  });

  it.runIf(isLong)('of a line of 100 MB pass in memory that does not grow, and it is recorded with its outcome', async () => {
    const db = temporaryDatabase();
    const script = `process.stdin.once('data',()=>{const w=(s)=>new Promise(r=>process.stdout.write(s)?r():process.stdout.once('drain',r));(async()=>{
      for(const id of [1,2]){await w('{"result":{"content":[{"type":"text","text":"');const c='\\\\"[{é'.repeat(10000);for(let i=0;i<1700;i++)await w(c);
      await w('"}],"isError":'+(id===2)+'},"id":'+id+'}\\n')}})()})`;
    const peer = new Peer(wrapped(db, [process.execPath, '-e', script]));
    peer.send(...[1, 2].map((n) => ({ id: n, method: 'tools/call', params: { name: 'big', arguments: { n } } })));
    await peer.untilLines(2);
    const peak_mb = peakMemory(peer.child.pid ?? 0);
    if (!Number.isNaN(peak_mb)) expect(peak_mb).toBeLessThan(200);
    await peer.end();
    expect(peer.stdout.length).toBeGreaterThan(200_000_000 * 0.9);
    expect(recordedIn(db).map(({ n, success }) => [n, success])).toEqual([
      [1, true],
      [2, false],
    ]);
  });
});
