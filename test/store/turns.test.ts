import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Turns } from '../../src/store/turns.ts';

describe('turns', () => {
  test('come one at a time, in the order of asking, whatever fails', async () => {
    const turns = new Turns();
    const told: string[] = [];
    const work = (name: string, ms: number) =>
      turns.take(async () => {
        told.push(`${name} begins`);
        await sleep(ms);
        told.push(`${name} ends`);
        if (name === 'b') throw new Error(name);
      });
    const results = await Promise.allSettled([work('a', 8), work('b', 4), work('c', 1)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  test('are not taken by somebody who asks while one passes on', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const first = turns.take(async () => void order.push('first'));
    const second = turns.take(async () => void order.push('second'));
    await first.then(() => turns.take(async () => void order.push('late')));
    await second;
    expect(order).toEqual(['first', 'second', 'late']);
  });

  test('are lost by those who have waited too long when they are sent away, and by nobody else', async () => {
    const turns = new Turns();
    let free = () => {};
    const holder = turns.take(() => new Promise<void>((resolve) => (free = resolve)));
    const tired = turns.take(
      async () => 'ran',
      () => true,
    );
    const patient = turns.take(
      async () => 'ran',
      () => false,
    );
    turns.sendAway(new Error('too long'));
    await expect(tired).rejects.toThrow('too long');
    free();
    await holder;
    expect(await patient).toBe('ran');
    expect(await turns.take(async () => 'free again')).toBe('free again');
  });
});
