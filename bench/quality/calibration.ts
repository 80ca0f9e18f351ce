import { mean } from '../statistics.ts';

/** A stated confidence, in [0, 1], and whether what it was stated of came true. */
export interface Forecast {
  readonly confidence: number;
  readonly right: boolean;
}

/** The forecasts whose confidence lies in [low, high); the last bin holds 1, too. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean over the bin, in [0, 1]; null: the bin is empty. */
  readonly confidence: number | null;
  /** Share that came true; null: the bin is empty. */
  readonly accuracy: number | null;
}

const BINS = 10;

/** Ten bins of equal width. Source: Naeini, Cooper & Hauskrecht 2015, Obtaining Well Calibrated Probabilities Using Bayesian Binning. */
export function reliabilityBins(forecasts: readonly Forecast[]): Bin[] {
  const bins = Array.from({ length: BINS }, (): Forecast[] => []);
  for (const forecast of forecasts) bins[Math.min(BINS - 1, Math.floor(forecast.confidence * BINS))]?.push(forecast);
  return bins.map((inside, at) => ({
    low: at / BINS,
    high: (at + 1) / BINS,
    count: inside.length,
    confidence: mean(inside.map((forecast) => forecast.confidence)),
    accuracy: mean(inside.map((forecast) => Number(forecast.right))),
  }));
}

/** ECE = Σ_b (n_b / n)·|accuracy_b − confidence_b|, in [0, 1]; null: no forecasts. Source: Naeini et al. 2015. */
export function expectedCalibrationError(bins: readonly Bin[]): number | null {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const gaps = bins.reduce((sum, { count, confidence, accuracy }) => sum + count * Math.abs((accuracy ?? 0) - (confidence ?? 0)), 0);
  return total === 0 ? null : gaps / total;
}

/** Characters for 100 %, and those before the bar. */
const WIDTH = 50;
const BAR_COLUMN = 39;

/**
 * The reliability diagram as text, a line a bin: the bar is how often it came true, `|` is what was stated. Where the bar ends at the
 * mark, the confidence can be believed; past the mark it was too modest, short of it too bold.
 */
export function reliabilityDiagram(bins: readonly Bin[]): string {
  const scale = `${' '.repeat(BAR_COLUMN)}0 %${'50 %'.padStart(WIDTH / 2 + 1)}${'100 %'.padStart(WIDTH / 2 + 1)}`;
  return ['confidence    calls   stated    right', scale, ...bins.map(lineOf)].join('\n');
}

function lineOf({ low, high, count, confidence, accuracy }: Bin): string {
  const range = `${low.toFixed(1)} to ${high.toFixed(1)}`.padEnd(12);
  const numbers = [String(count).padStart(7), percent(confidence), percent(accuracy)].join('  ');
  return confidence === null || accuracy === null ? `${range}${numbers.trimEnd()}` : `${range}${numbers}  ${bar(accuracy, confidence)}`;
}

function bar(accuracy: number, confidence: number): string {
  const [right, stated] = [Math.round(accuracy * WIDTH), Math.round(confidence * WIDTH)];
  const cells = Array.from({ length: WIDTH + 1 }, (_, at) => (at === stated ? '|' : at < right ? '█' : ' '));
  return cells.join('').trimEnd();
}

function percent(share: number | null): string {
  return (share === null ? '' : `${(100 * share).toFixed(1)} %`).padStart(7);
}
