import { similarity } from './text.ts';

/** A successful call of the tool. */
export interface Example {
  readonly arguments: Readonly<Record<string, unknown>>;
  /** 1–5 stars; null: not rated. */
  readonly user_rating: number | null;
  readonly query: string | null;
  /** How many executions of the tool ago; 0 is the newest. */
  readonly age: number;
}

export interface SuggestedParameter {
  readonly name: string;
  readonly value: unknown;
  /** Examples with this value, count. */
  readonly support: number;
  /** Its part of the weight of all examples, in [0, 1]. */
  readonly share: number;
}

export interface ParameterSuggestion {
  /** Values to call with: those of `partial_args`, and every value with a share of at least {@link SUGGESTED_SHARE}. */
  readonly suggested_params: Readonly<Record<string, unknown>>;
  /** Probability in [0, 1] that a call with them goes well. */
  readonly confidence: number;
  readonly reason: string;
  /** Examples looked at, count. */
  readonly sample_size: number;
  /** The best value of each parameter that `partial_args` leaves open, suggested or not, by falling share. */
  readonly parameters: readonly SuggestedParameter[];
}

export interface ParameterRequest {
  readonly examples: readonly Example[];
  readonly partial_args: Readonly<Record<string, unknown>>;
  /** null: not told; then all requests are equally near. */
  readonly query: string | null;
  /** Newest examples that are looked at. */
  readonly limit: number;
  /** Executions the examples were picked from, failures included; absent: only successes were looked at. */
  readonly attempts?: number;
}

/** A value is suggested when it carries at least this part of the weight of all examples: a majority. */
export const SUGGESTED_SHARE = 0.5;
/** Executions after which an example counts half. */
const HALF_LIFE = 20;
/** Weight left to an example whose request shares no word with this one. */
const UNLIKE_WEIGHT = 0.2;
/** Stars that an unrated success counts as. */
const UNRATED = 3.5;
const BEST_RATING = 5;
/** A longer value, as JSON, is a document rather than a setting and is not offered. */
const LONGEST_VALUE = 1000;

/**
 * For each parameter the value that worked best before. An example weighs 2^(−age/20) · (stars/5)² · (0.2 + 0.8·similarity of the
 * requests); values are equal when their canonical JSON is; share = weight of the examples with the value / weight of all examples, so a
 * parameter that is mostly absent is not suggested. confidence = successes/attempts · mean over the suggested values of
 * share·support/(support + 1); 0 without examples.
 */
export function suggestParameters(request: ParameterRequest): ParameterSuggestion {
  const examples = request.examples.toSorted((a, b) => a.age - b.age).slice(0, Math.max(0, request.limit));
  const { partial_args } = request;
  if (examples.length === 0) {
    return { suggested_params: partial_args, confidence: 0, reason: 'No successful historical data', sample_size: 0, parameters: [] };
  }
  const parameters = bestValues(examples, request);
  const suggested = parameters.filter((parameter) => parameter.share >= SUGGESTED_SHARE);
  return {
    suggested_params: { ...Object.fromEntries(suggested.map(({ name, value }) => [name, value])), ...partial_args },
    confidence: (examples.length / Math.max(request.attempts ?? 0, examples.length)) * meanTrust(suggested),
    reason: `Based on ${examples.length} successful executions`,
    sample_size: examples.length,
    parameters,
  };
}

interface Tally {
  readonly value: unknown;
  readonly support: number;
  readonly weight: number;
}

function bestValues(examples: readonly Example[], request: ParameterRequest): SuggestedParameter[] {
  const tallies = new Map<string, Map<string, Tally>>();
  let total = 0;
  for (const example of examples) {
    const weight = weightOf(example, request.query, examples[0]?.age ?? 0);
    total += weight;
    for (const [name, value] of Object.entries(example.arguments)) {
      if (!Object.hasOwn(request.partial_args, name)) tally(tallies, name, value, weight);
    }
  }
  return [...tallies].flatMap(([name, values]) => bestValue(name, values, total)).sort((a, b) => b.share - a.share);
}

/** Weight of an example, in (0, 1]. */
function weightOf(example: Example, query: string | null, youngest: number): number {
  const recency = 2 ** (-(example.age - youngest) / HALF_LIFE);
  const rating = ((example.user_rating ?? UNRATED) / BEST_RATING) ** 2;
  const likeness = query === null ? 1 : similarity(query, example.query ?? '');
  return recency * rating * (UNLIKE_WEIGHT + (1 - UNLIKE_WEIGHT) * likeness);
}

function tally(tallies: Map<string, Map<string, Tally>>, name: string, value: unknown, weight: number): void {
  const key = canonicalJson(value);
  if (key.length > LONGEST_VALUE) return;
  const values = tallies.get(name) ?? new Map<string, Tally>();
  const before = values.get(key) ?? { value, support: 0, weight: 0 };
  values.set(key, { value: before.value, support: before.support + 1, weight: before.weight + weight });
  tallies.set(name, values);
}

function bestValue(name: string, values: ReadonlyMap<string, Tally>, total: number): SuggestedParameter[] {
  const [first, ...rest] = values.values();
  if (first === undefined) return [];
  const best = rest.reduce((most, next) => (next.weight > most.weight ? next : most), first);
  return [{ name, value: best.value, support: best.support, share: Math.min(1, best.weight / total) }];
}

function meanTrust(suggested: readonly SuggestedParameter[]): number {
  const trusts = suggested.map(({ share, support }) => (share * support) / (support + 1));
  return trusts.length === 0 ? 1 : trusts.reduce((sum, trust) => sum + trust, 0) / trusts.length;
}

/** JSON with the keys of every object in order, so that equal values have equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sortedByKey(inner) : inner)) ?? 'null';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedByKey(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
