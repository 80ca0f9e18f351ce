import type { Sparse } from './text-features.ts';

/** The table holds 2^20 weights: 8 MB with what AdaGrad keeps of each. */
const BITS = 20;
const SIZE = 2 ** BITS;
const MASK = SIZE - 1;
/** AdaGrad's step size, and what its sums of squares start from. */
const RATE = 0.5;
const FIRST_SQUARES = 0.01;
/** Tools whose gradient is smaller in size are left alone: a quarter of the work for the same result. */
export const LEAST_GRADIENT = 0.01;

/** A model at rest. */
export interface SavedLinear {
  readonly weights: Float32Array;
  readonly squares: Float32Array;
}

/**
 * A linear score for every tool over sparse features: z(a) = Σ_f w(f, a)·x(f). All pairs share one hashed table (feature hashing, Weinberger
 * et al. 2009), so memory is fixed whatever the numbers of words and tools. A feature's weights stand side by side, in the order of the
 * tools' numbers: candidates are read together. Steps by AdaGrad (Duchi et al. 2011): G ← G + g²; w ← w − rate·g/√G.
 */
export class LinearModel {
  readonly #weights = new Float32Array(SIZE);
  readonly #squares = new Float32Array(SIZE).fill(FIRST_SQUARES);

  /** The scores of tools. @param tools their numbers, 0 and up */
  logits({ hashes, values }: Sparse, tools: Int32Array): Float64Array {
    const weights = this.#weights;
    const logits = new Float64Array(tools.length);
    for (let f = 0; f < hashes.length; f++) {
      const first = hashes[f] as number;
      const value = values[f] as number;
      // Checked reads cost a third of the speed here; a masked index is within bounds.
      for (let at = 0; at < tools.length; at++)
        (logits[at] as number) += (weights[(first + (tools[at] as number)) & MASK] as number) * value;
    }
    return logits;
  }

  /** One step against the gradient of the loss by each tool's score, in the order of `tools`. */
  update({ hashes, values }: Sparse, tools: Int32Array, gradient: Float64Array): void {
    for (let at = 0; at < tools.length; at++) {
      const of_tool = gradient[at] ?? 0;
      if (Math.abs(of_tool) < LEAST_GRADIENT) continue;
      for (let f = 0; f < hashes.length; f++) this.#step(((hashes[f] ?? 0) + (tools[at] ?? 0)) & MASK, of_tool * (values[f] ?? 0));
    }
  }

  save(): SavedLinear {
    return { weights: this.#weights, squares: this.#squares };
  }

  load(saved: SavedLinear): void {
    this.#weights.set(saved.weights);
    this.#squares.set(saved.squares);
  }

  #step(slot: number, g: number): void {
    const squares = (this.#squares[slot] ?? 0) + g * g;
    this.#squares[slot] = squares;
    this.#weights[slot] = (this.#weights[slot] ?? 0) - (RATE * g) / Math.sqrt(squares);
  }
}
