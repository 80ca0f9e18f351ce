import { readFileSync } from 'node:fs';
import { mulberry32, shuffled } from '../mulberry32.ts';
import { parseCsv } from './csv.ts';

/** A request and the intent it belongs to. */
export type LabelledQuery = readonly [query: string, intent: string];

/** How the stream is made. */
export interface StreamOptions {
  readonly seed: number;
  readonly rounds: number;
  /** The tools have their intents' names and descriptions; else only numbers. */
  readonly shown: boolean;
  /** Zipf exponent: the i-th intent is asked for with weight 1/i^skew; 0: as often as in the data. */
  readonly skew: number;
  /** Share of the outcomes that are flipped, in [0, 1]. */
  readonly noise: number;
  /** Half-way, a random half of the intents move to another tool of that half. */
  readonly drift: boolean;
}

export interface RoutedTool {
  readonly name: string;
  readonly description: string;
}

/** One round after another: a query, the tool that it belongs to, and what is seen of a choice. */
export interface Stream {
  readonly tools: readonly RoutedTool[];
  readonly queries: readonly string[];
  /** Position of the right tool in a round. */
  rightTool(round: number): number;
  /** Whether the call is seen to succeed; draws, so that it is asked once a round, in order. */
  outcome(is_right: boolean): boolean;
}

/** The labelled queries of CSV files with a head line and two columns, text and label. */
export function readQueries(files: readonly string[]): LabelledQuery[] {
  const rows = files.flatMap((file) => parseCsv(readFileSync(file, 'utf8')).slice(1));
  return rows.flatMap(([text = '', intent]): LabelledQuery[] => {
    const query = text.replace(/\s+/g, ' ').trim();
    return intent === undefined || query === '' ? [] : [[query, intent]];
  });
}

/** The stream of shared/eval/routing.mjs: the same data and seed give the same tools, queries and draws. */
export function streamOf(data: readonly LabelledQuery[], options: StreamOptions): Stream {
  const { rounds, shown, noise, drift } = options;
  const uniform = mulberry32(options.seed * 7_919 + 17);
  const intents = shuffled([...new Set(data.map(([, intent]) => intent))].sort(), uniform);
  const asked = options.skew > 0 ? skewed(data, intents, options, uniform) : inTurn(data, rounds, uniform);
  const before = new Map(intents.map((intent, at) => [intent, at]));
  const after = drift ? moved(before, uniform) : before;
  return {
    tools: intents.map((intent, at) => toolOf(intent, at, shown)),
    queries: asked.map(([query]) => query),
    rightTool: (round) => (round >= rounds / 2 ? after : before).get(asked[round]?.[1] ?? '') ?? -1,
    outcome: (is_right) => (noise > 0 && uniform() < noise ? !is_right : is_right),
  };
}

/** Intents keep to [A-Za-z0-9_./:@-], as names of tools must. */
function toolOf(intent: string, at: number, shown: boolean): RoutedTool {
  if (!shown) return { name: `tool_${String(at).padStart(3, '0')}`, description: '' };
  return { name: intent.replace(/[^A-Za-z0-9_./:@-]/g, ''), description: intent.replace(/[_?]/g, ' ').trim() };
}

/** All of the data in one order, then in another. */
function inTurn(data: readonly LabelledQuery[], rounds: number, uniform: () => number): LabelledQuery[] {
  const asked: LabelledQuery[] = [];
  while (asked.length < rounds) asked.push(...shuffled(data, uniform));
  return asked.slice(0, rounds);
}

/** Each round an intent by its weight, then one of its queries. */
function skewed(
  data: readonly LabelledQuery[],
  intents: readonly string[],
  { rounds, skew }: StreamOptions,
  uniform: () => number,
): LabelledQuery[] {
  const queries = new Map(intents.map((intent) => [intent, data.filter((query) => query[1] === intent)]));
  const weights = intents.map((_, at) => 1 / (at + 1) ** skew);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: rounds }, () => {
    const intent = intents[drawn(weights, uniform() * total)] ?? '';
    const list = queries.get(intent) ?? [];
    return list[Math.floor(uniform() * list.length)] ?? ['', intent];
  });
}

/** Subtracts the weights in turn, as the driver does, so that rounding falls the same way. */
function drawn(weights: readonly number[], mass: number): number {
  let left = mass;
  const at = weights.findIndex((weight) => {
    left -= weight;
    return left <= 0;
  });
  return at < 0 ? weights.length - 1 : at;
}

function moved(homes: ReadonlyMap<string, number>, uniform: () => number): Map<string, number> {
  const half = shuffled([...homes.keys()], uniform).slice(0, homes.size >> 1);
  const changes = half.map((intent, at): [string, number] => [intent, homes.get(half[(at + 1) % half.length] ?? intent) ?? -1]);
  return new Map([...homes, ...changes]);
}
