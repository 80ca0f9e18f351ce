import { parseArgs } from 'node:util';

const PARTS = ['next-tool', 'ablations', 'routing'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  /** Folder of sessions beside the demo's; null: ../shared/data/next-tool, where present. */
  readonly data: string | null;
  /** Names of the sources; null: all. */
  readonly sources: readonly string[] | null;
  /** One an order of the sessions. */
  readonly order_seeds: readonly number[];
  readonly routing_seeds: readonly number[];
  readonly rounds: number;
  readonly parts: ReadonlySet<Part>;
  readonly write: boolean;
}

export const USAGE = `npm run bench:quality -- [options]
  --data DIR         folder of <source>.sessions.jsonl and <source>.catalog.json (default: ../shared/data/next-tool, where present)
  --sources a,b      only these sources, "demo" among them (default: all)
  --parts a,b        only these of ${PARTS.join(', ')} (default: all)
  --seeds 1,2,3      orders of the sessions and streams of routing (default: 1,2,3,4,5 and 1)
  --rounds N         rounds of routing (default: 10000)
  --write            write bench/quality/RESULTS.md`;

const ORDER_SEEDS = [1, 2, 3, 4, 5];
const ROUTING_SEEDS = [1];

/** @throws Error that says what is wrong with the arguments */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      sources: { type: 'string' },
      parts: { type: 'string', default: PARTS.join(',') },
      seeds: { type: 'string' },
      rounds: { type: 'string', default: '10000' },
      write: { type: 'boolean', default: false },
    },
  });
  const seeds = values.seeds?.split(',').map((seed) => positive('--seeds', seed));
  return {
    data: values.data ?? null,
    sources: values.sources?.split(',') ?? null,
    order_seeds: seeds ?? ORDER_SEEDS,
    routing_seeds: seeds ?? ROUTING_SEEDS,
    rounds: positive('--rounds', values.rounds),
    parts: new Set(values.parts.split(',').map(partOf)),
    write: values.write,
  };
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} takes whole numbers from 1, not "${text}"`);
  return Number(text);
}

function partOf(text: string): Part {
  const part = PARTS.find((each) => each === text);
  if (part === undefined) throw new Error(`--parts takes ${PARTS.join(', ')}, not "${text}"`);
  return part;
}
