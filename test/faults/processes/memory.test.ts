import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { callOf, reported, sendAll } from '../../helpers/load.ts';
import { isLong } from '../../helpers/long.ts';
import { type StdioClient, useServers } from '../../helpers/stdio-client.ts';

const [EARLY, LATE] = isLong ? [20_000, 100_000] : [100, 300];
/** Of the resident memory after the early calls. What a leak of one object a call would add is several times this. */
const MOST_GROWTH = 1.25;
const LANES = 10;
const PART = 1_000;
const SETTLE_MS = isLong ? 1_000 : 200;

const start = useServers();

/** Sends the calls with these numbers, in parts; what was received is checked and forgotten after each. */
async function report(client: StdioClient, first: number, end: number): Promise<void> {
  for (let at = first; at < end; at += PART) {
    const part = Array.from({ length: Math.min(PART, end - at) }, (_, n) => callOf('one', at + n));
    await sendAll(client, part, { lanes: LANES });
    expect(client.faults()).toEqual([]);
    client.lines.length = 0;
  }
}

async function residentMiB(client: StdioClient): Promise<number> {
  await sleep(SETTLE_MS);
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${client.child.pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

describe.runIf(process.platform === 'linux')('memory', () => {
  it(`resident memory is flat over ${LATE} calls${isLong ? '' : ' (few calls: only reported)'}`, async () => {
    const client = await start();
    await report(client, 0, EARLY);
    const early = await residentMiB(client);
    await report(client, EARLY, LATE);
    const late = await residentMiB(client);
    reported('memory', { [`MiB after ${EARLY}`]: early, [`MiB after ${LATE}`]: late });
    expect(firstValueOf(client.db, 'SELECT count(*) FROM executions')).toBe(LATE);
    if (isLong) expect(late).toBeLessThan(early * MOST_GROWTH);
  });
});
