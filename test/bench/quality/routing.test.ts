import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROUTING_FILES } from '../../../bench/quality/plan.ts';
import { parseCsv } from '../../../bench/quality/routing/csv.ts';
import { descriptionRouter, learnedRouter, type MakeRouter, type Router } from '../../../bench/quality/routing/routers.ts';
import { playStream } from '../../../bench/quality/routing/routing.ts';
import { type LabelledQuery, readQueries, type StreamOptions, streamOf } from '../../../bench/quality/routing/stream.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';

const PLAIN: StreamOptions = { seed: 1, rounds: 200, shown: true, skew: 0, noise: 0, drift: false };
const INTENTS = ['door_open', 'invoice_show', 'lamp_dim', 'room_book'];
/** Ten requests an intent, made of its words and a number. */
const DATA = Array.from({ length: 40 }, (_, at): LabelledQuery => {
  const intent = INTENTS[at % 4] ?? '';
  return [`${intent.replace('_', ' ')} ${at}`, intent];
});

function share(values: readonly boolean[]): number {
  return values.filter(Boolean).length / values.length;
}

describe('the CSV reader', () => {
  it('reads quoted fields with commas, quotation marks and line ends', () => {
    expect(parseCsv('a,b\n"x, ""y""\nz",1\r\n,\nlast,2')).toEqual([
      ['a', 'b'],
      ['x, "y"\nz', '1'],
      ['', ''],
      ['last', '2'],
    ]);
  });

  it('keeps an empty last field, and refuses a quotation mark that is out of place', () => {
    expect(parseCsv('a,')).toEqual([['a', '']]);
    expect(parseCsv('')).toEqual([]);
    expect(() => parseCsv('a"b,c\n')).toThrow('not CSV, from "a"b,c');
    expect(() => parseCsv('"never ends')).toThrow('not CSV');
  });

  it('takes the head line, empty texts and rows of another shape for no queries', () => {
    const file = join(temporaryDirectory(), 'queries.csv');
    writeFileSync(file, 'text,category\n"two\n lines ",one\n  ,two\nalone\n');
    expect(readQueries([file])).toEqual([['two lines', 'one']]);
  });
});

describe('the routing stream', () => {
  it('asks every query once before it asks any again', () => {
    const { queries } = streamOf(DATA, { ...PLAIN, rounds: 80 });
    const all = DATA.map(([query]) => query).toSorted();
    expect(queries.slice(0, 40).toSorted()).toEqual(all);
    expect(queries.slice(40).toSorted()).toEqual(all);
    expect(queries.slice(0, 40)).not.toEqual(queries.slice(40));
  });

  it('asks for the i-th intent with weight 1/i^skew', () => {
    const rounds = 20_000;
    const stream = streamOf(DATA, { ...PLAIN, rounds, skew: 1 });
    const shares = INTENTS.map((_, at) => share(stream.queries.map((_, round) => stream.rightTool(round) === at)));
    for (const [at, asked] of shares.entries()) expect(asked).toBeCloseTo(1 / (at + 1) / (1 + 1 / 2 + 1 / 3 + 1 / 4), 1.7);
  });

  it('flips as many outcomes as the noise says', () => {
    const stream = streamOf(DATA, { ...PLAIN, noise: 0.1 });
    expect(share(Array.from({ length: 10_000 }, () => stream.outcome(true)))).toBeCloseTo(0.9, 1.7);
    expect(streamOf(DATA, PLAIN).outcome(false)).toBe(false);
  });

  it('moves half of the intents, half-way, to other tools of that half', () => {
    const still = streamOf(DATA, PLAIN);
    const stream = streamOf(DATA, { ...PLAIN, drift: true });
    const moves = new Map(stream.queries.map((_, round) => [still.rightTool(round), { round, now: stream.rightTool(round) }]));
    const moved = [...moves].filter(([before, { round, now }]) => round >= 100 && now !== before);
    expect(moved).toHaveLength(2);
    expect(moved.map(([before]) => before).toSorted()).toEqual(moved.map(([, { now }]) => now).toSorted());
    for (let round = 0; round < 100; round++) expect(stream.rightTool(round)).toBe(still.rightTool(round));
  });

  it('is that of shared/eval/routing.mjs', ({ skip }) => {
    skip(!ROUTING_FILES.every((file) => existsSync(file)), '../shared/data/routing is not here');
    const data = readQueries(ROUTING_FILES);
    const shown = streamOf(data, { ...PLAIN, rounds: 10_000 });
    expect(data).toHaveLength(13_083);
    expect(shown.tools.slice(0, 2)).toEqual([
      { name: 'card_payment_fee_charged', description: 'card payment fee charged' },
      { name: 'transfer_fee_charged', description: 'transfer fee charged' },
    ]);
    expect(shown.queries.slice(0, 2)).toEqual(['I am not sure where my phone is.', "I still don't have a card. How do I get one?"]);
    expect(shown.queries.at(-1)).toBe('I need my purchase cancelled.');
    expect([0, 1].map((round) => shown.tools[shown.rightTool(round)]?.name)).toEqual(['lost_or_stolen_phone', 'order_physical_card']);
    const skewed = streamOf(data, { ...PLAIN, rounds: 1_000, shown: false, skew: 1 });
    expect(skewed.tools[1]).toEqual({ name: 'tool_001', description: '' });
    expect(skewed.queries[1]).toBe('Will I be able to track the card that was sent to me?');
    expect(skewed.queries.at(-1)).toBe('Why is my transfer taking so long to complete?');
    const noisy = streamOf(data, { ...PLAIN, rounds: 1_000, noise: 0.1, drift: true });
    expect(Array.from({ length: 30 }, () => Number(!noisy.outcome(true))).join('')).toBe('100001100000000000000001000000');
  });
});

describe('a play of the stream', () => {
  /** Knows every answer, and keeps what it was told. */
  function oracle(told: boolean[]): MakeRouter {
    return (tools): Router => ({
      name: 'oracle',
      choose: (query) => tools.findIndex(({ description }) => query.startsWith(description)),
      learn: (_query, _round, _chosen, success) => void told.push(success),
    });
  }

  it('scores whether the right tool was chosen, and tells what noise left of it', () => {
    const told: boolean[] = [];
    expect(share(playStream(oracle(told), DATA, { ...PLAIN, rounds: 2_000, noise: 0.1 }))).toBe(1);
    expect(share(told)).toBeCloseTo(0.9, 1.3);
  });

  it('gives description match the descriptions', () => {
    expect(share(playStream(descriptionRouter, DATA, PLAIN))).toBe(1);
  });

  it('lets the learned router learn from outcomes alone', () => {
    const right = playStream(learnedRouter, DATA, { ...PLAIN, shown: false });
    expect(share(right.slice(-100))).toBeGreaterThan(0.9);
    expect(share(right.slice(0, 20))).toBeLessThan(0.9);
  });
});
