/** What a window of a metric looks like. With no values, `count` is 0 and everything else null. */
export interface Summary {
  readonly count: number;
  readonly mean: number | null;
  /** Population standard deviation (divided by count). */
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly latest: number | null;
}

/** An interval that holds a proportion, 0 ≤ low ≤ high ≤ 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.96;

const EMPTY_SUMMARY: Summary = Object.freeze({ count: 0, mean: null, std: null, min: null, max: null, latest: null });

/** 1 / (1 + e^−x), in [0, 1]; e is never raised to a large positive power, so nothing overflows. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/**
 * x rounded to `decimals` places; where x lies exactly in the middle, to the even digit (0.0625 → 0.062), as IEEE 754 and Python's `round`.
 * @param decimals integer, 0 to 20
 */
export function roundHalfEven(x: number, decimals: number): number {
  const size = Math.abs(x);
  const text = size.toFixed(decimals);
  const lastDigit = text.charCodeAt(text.length - 1) - 48;
  const rounded = isMiddle(size, decimals) && lastDigit % 2 === 1 ? `${text.slice(0, -1)}${lastDigit - 1}` : text;
  return x < 0 ? 0 - Number(rounded) : Number(rounded);
}

/** (k + 1/2) / 10^d is a binary fraction only when it is an odd multiple of 2^−(d+1). */
function isMiddle(size: number, decimals: number): boolean {
  return Math.abs((size * 2 ** (decimals + 1)) % 2) === 1;
}

/**
 * 95 % score interval of a success rate.
 * (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96. Source: Wilson 1927, JASA 22:209.
 * @param successes 0 to n
 * @param n observations; with none the interval is [0, 1]
 */
export function wilsonInterval(successes: number, n: number): Interval {
  if (n <= 0) return { low: 0, high: 1 };
  const p = successes / n;
  const z2 = Z * Z;
  const centre = p + z2 / (2 * n);
  const half = Z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/**
 * Success rate shrunk towards a prior: the mean of Beta(prior_mean·strength + successes, (1 − prior_mean)·strength + failures).
 * @param prior_mean in [0, 1]
 * @param prior_strength how many observations the prior is worth, above 0
 */
export function betaMean(successes: number, n: number, prior_mean: number, prior_strength: number): number {
  return (successes + prior_mean * prior_strength) / (n + prior_strength);
}

/** Count, mean, population deviation and extremes of values that are listed newest first. Two passes, so a large offset costs no digits. */
export function summarise(values: readonly number[]): Summary {
  const latest = values[0];
  if (latest === undefined) return EMPTY_SUMMARY;
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return {
    count,
    mean,
    std: Math.sqrt(variance),
    min: values.reduce((least, value) => Math.min(least, value), latest),
    max: values.reduce((most, value) => Math.max(most, value), latest),
    latest,
  };
}

/** part / whole: a mean or a share; null when nothing was observed. */
export function ratio(part: number | undefined, whole: number | undefined): number | null {
  return part === undefined || whole === undefined || whole === 0 ? null : part / whole;
}
