import { choiceGradient, softmax } from '../choice.ts';
import { Reservoir } from '../reservoir.ts';
import type { Column } from '../signals/signal.ts';
import type { Uniform } from '../types.ts';
import { SITUATIONS } from './moment.ts';

/** AdaGrad: Duchi et al. 2011. */
const RATE = 0.1;
const EPSILON = 0.1;
/** Pull of each step towards the starting weights: the gradient of a ridge penalty. */
const PULL = 0.002;
/** Choices kept for rehearsal, rehearsals after each, and the candidates kept of one: the chosen and the strongest others. */
const CAPACITY = 500;
const REHEARSALS = 10;
const MOST_CANDIDATES = 32;

/** What the signals said of the candidates of one choice, row by row, before they learned from it. */
export interface Judgement {
  readonly rows: Float64Array;
  readonly scores: Float64Array;
  readonly situation: number;
}

/** A choice as it is rehearsed. The one chosen is row 0. */
interface Memory {
  readonly rows: Float32Array;
  readonly situation: number;
  readonly good: boolean;
}

/** What a fusion knows, as it is stored. */
export interface SavedFusion {
  readonly weights: Float64Array;
  readonly squares: Float64Array;
  readonly memories: readonly Memory[];
}

/**
 * How much each column of the signals counts: p(a) ∝ exp(Σ_j (w_j + o_{s,j})·x_{a,j}), with an offset o for each situation s. Learned by
 * AdaGrad with rehearsal, from fixed starting weights that a ridge penalty pulls back to; a column's least weight is never undercut.
 * Source: conditional logit, McFadden 1974; stacking on predictions made before learning, Wolpert 1992, with bounds as in Breiman 1996.
 */
export class Fusion {
  /** Columns. */
  readonly width: number;
  readonly #start: Float64Array;
  readonly #least: Float64Array;
  readonly #weights: Float64Array;
  readonly #squares: Float64Array;
  readonly #memories = new Reservoir<Memory>(CAPACITY);
  /** {@link weights} by situation, until the next step. */
  #current: (Float64Array | undefined)[] = [];

  constructor(columns: readonly Column[]) {
    this.width = columns.length;
    this.#start = Float64Array.from(columns, (column) => column.weight);
    this.#least = Float64Array.from(columns, (column) => column.least ?? -Infinity);
    this.#weights = new Float64Array(this.width * (1 + SITUATIONS.length));
    this.#weights.set(this.#start);
    this.#squares = new Float64Array(this.#weights.length);
  }

  /** The weight of each column in a situation. */
  weights(situation: number): Float64Array {
    const known = this.#current[situation];
    if (known !== undefined) return known;
    const offset = this.width * (1 + situation);
    const weights = this.#start.map((_, j) => Math.max(this.#least[j] ?? 0, (this.#weights[j] ?? 0) + (this.#weights[offset + j] ?? 0)));
    this.#current[situation] = weights;
    return weights;
  }

  /** The weight of a column in each of SITUATIONS. */
  weightsOf(column: number): readonly number[] {
    return SITUATIONS.map((_, situation) => this.weights(situation)[column] ?? 0);
  }

  /** What each column adds to the score of a candidate. */
  parts({ rows, situation }: Judgement, candidate: number): Float64Array {
    return this.weights(situation).map((weight, column) => weight * (rows[candidate * this.width + column] ?? 0));
  }

  /** One score for each row. */
  scores(rows: Float64Array | Float32Array, situation: number): Float64Array {
    const weights = this.weights(situation);
    const scores = new Float64Array(rows.length / this.width);
    for (let at = 0, x = 0; at < scores.length; at++) {
      let score = 0;
      for (let j = 0; j < this.width; j++, x++) score += (weights[j] ?? 0) * (rows[x] ?? 0);
      scores[at] = score;
    }
    return scores;
  }

  learn(judgement: Judgement, chosen: number, good: boolean, uniform: Uniform): void {
    const memory = { rows: this.#strongest(judgement, chosen), situation: judgement.situation, good };
    this.#step(memory);
    for (const past of this.#memories.draw(REHEARSALS, uniform)) this.#step(past);
    this.#memories.add(memory, uniform);
  }

  save(): SavedFusion {
    return { weights: this.#weights, squares: this.#squares, memories: this.#memories.items };
  }

  load(saved: SavedFusion): void {
    this.#weights.set(saved.weights);
    this.#current = [];
    this.#squares.set(saved.squares);
    this.#memories.load(saved.memories);
  }

  #strongest({ rows, scores }: Judgement, chosen: number): Float32Array {
    const others = Array.from(scores, (_, at) => at).filter((at) => at !== chosen);
    if (others.length >= MOST_CANDIDATES) others.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    const kept = [chosen, ...others.slice(0, MOST_CANDIDATES - 1)];
    const copy = new Float32Array(kept.length * this.width);
    for (const [to, from] of kept.entries()) copy.set(rows.subarray(from * this.width, (from + 1) * this.width), to * this.width);
    return copy;
  }

  #step({ rows, situation, good }: Memory): void {
    const gradient = new Float64Array(this.width);
    for (const [at, g] of choiceGradient(softmax(this.scores(rows, situation)), 0, good).entries()) {
      for (let j = 0, x = at * this.width; j < this.width; j++, x++) gradient[j] = (gradient[j] ?? 0) + g * (rows[x] ?? 0);
    }
    for (let j = 0; j < this.width; j++) {
      const least = this.#least[j] ?? -Infinity;
      this.#descend(j, gradient[j] ?? 0, this.#start[j] ?? 0, least);
      this.#descend(this.width * (1 + situation) + j, gradient[j] ?? 0, 0, least - (this.#weights[j] ?? 0));
    }
    this.#current = [];
  }

  /** A step that ends at `least` at the lowest (projected gradient). */
  #descend(at: number, gradient: number, start: number, least: number): void {
    const weight = this.#weights[at] ?? 0;
    const g = gradient + PULL * (weight - start);
    const squares = (this.#squares[at] ?? 0) + g * g;
    this.#squares[at] = squares;
    this.#weights[at] = Math.max(least, weight - (RATE * g) / (Math.sqrt(squares) + EPSILON));
  }
}
