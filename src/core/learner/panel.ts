import type { ScorePart } from '../rankers/evidence.ts';
import type { Conclusion, Correction, Example, Exploration, Signal } from '../signals/signal.ts';
import type { Tool } from './catalogue.ts';
import { Fusion, type Judgement } from './fusion.ts';
import type { Moment } from './moment.ts';
import { phrase } from './reasons.ts';

/** What a panel knows, as it is stored. */
export interface SavedPanel {
  readonly signals: readonly unknown[];
  readonly fusion: ReturnType<Fusion['save']>;
}

/** The signals and the fusion that weighs them. */
export class Panel {
  readonly #signals: readonly Signal[];
  readonly #fusion: Fusion;

  constructor(signals: readonly Signal[]) {
    this.#signals = signals;
    this.#fusion = new Fusion(signals.flatMap((signal) => signal.columns));
  }

  register(tool: Tool): void {
    for (const signal of this.#signals) signal.register?.(tool);
  }

  judge(moment: Moment): Judgement {
    const { width } = this.#fusion;
    const rows = new Float64Array(moment.candidates.length * width);
    let first = 0;
    for (const signal of this.#signals) {
      signal.score(moment, rows, first, width);
      first += signal.columns.length;
    }
    return { rows, scores: this.#fusion.scores(rows, moment.situation), situation: moment.situation };
  }

  /** The fusion learns from what the signals said before they learn themselves. */
  learn(judged: Judgement, example: Example): void {
    this.#fusion.learn(judged, example.chosen, example.good, example.uniform);
    for (const signal of this.#signals) signal.learn?.(example);
  }

  correct(correction: Correction): void {
    for (const signal of this.#signals) signal.correct?.(correction);
  }

  conclude(conclusion: Conclusion): void {
    for (const signal of this.#signals) signal.conclude?.(conclusion);
  }

  explore(moment: Moment): Exploration | undefined {
    return this.#signals.find((signal) => signal.explore !== undefined)?.explore?.(moment);
  }

  /** What each signal adds to the score of a candidate; sums to it. */
  parts(judged: Judgement, candidate: number): readonly ScorePart[] {
    const of_columns = this.#fusion.parts(judged, candidate);
    let first = 0;
    return this.#signals.map(({ name, columns }) => {
      const own = of_columns.subarray(first, first + columns.length);
      first += columns.length;
      return { name, value: own.reduce((sum, part) => sum + part, 0) };
    });
  }

  reason(moment: Moment, parts: readonly ScorePart[], candidate: number): string {
    return phrase(this.#signals, parts, moment, candidate);
  }

  /** The weight of each column in each situation, by `signal.column`. */
  weights(): ReadonlyMap<string, readonly number[]> {
    const names = this.#signals.flatMap((signal) => signal.columns.map((column) => `${signal.name}.${column.name}`));
    return new Map(names.map((name, column) => [name, this.#fusion.weightsOf(column)]));
  }

  save(): SavedPanel {
    return { signals: this.#signals.map((signal) => signal.save?.()), fusion: this.#fusion.save() };
  }

  /** @param saved of a panel of the same signals; the tools must have been registered */
  load(saved: SavedPanel): void {
    for (const [at, signal] of this.#signals.entries()) signal.load?.(saved.signals[at]);
    this.#fusion.load(saved.fusion);
  }
}
