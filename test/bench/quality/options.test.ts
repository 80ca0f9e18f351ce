import { describe, expect, it } from 'vitest';
import { optionsOf } from '../../../bench/quality/options.ts';

describe('the options of the quality bench', () => {
  it('are five orders, one stream of 10,000 rounds and every part, and nothing is written', () => {
    expect(optionsOf([])).toEqual({
      data: null,
      sources: null,
      order_seeds: [1, 2, 3, 4, 5],
      routing_seeds: [1],
      rounds: 10_000,
      parts: new Set(['next-tool', 'ablations', 'routing']),
      write: false,
    });
  });

  it('take lists', () => {
    const options = optionsOf([
      '--seeds',
      '2,7',
      '--sources',
      'demo,other',
      '--parts',
      'routing',
      '--rounds',
      '500',
      '--data',
      'x',
      '--write',
    ]);
    expect(options).toEqual({
      data: 'x',
      sources: ['demo', 'other'],
      order_seeds: [2, 7],
      routing_seeds: [2, 7],
      rounds: 500,
      parts: new Set(['routing']),
      write: true,
    });
  });

  it.each([
    [['--seeds', '1,x'], '--seeds takes whole numbers from 1, not "x"'],
    [['--rounds', '0'], '--rounds takes whole numbers from 1, not "0"'],
    [['--parts', 'speed'], '--parts takes next-tool, ablations, routing, not "speed"'],
    [['--fast'], '--fast'],
  ])('refuse %j and say why', (args, message) => {
    expect(() => optionsOf(args)).toThrow(message);
  });
});
