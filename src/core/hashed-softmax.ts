/** A sparse vector: which features are on, by 32-bit hash, and how strongly. */
export interface Features {
  readonly hashes: Int32Array;
  readonly values: Float32Array;
}

/** Step size of AdaGrad and what keeps its first steps small: Duchi et al. 2011, section 1.1. */
const RATE = 0.25;
const EPSILON = 0.1;
/** 2^18 weights for each of {@link HashedSoftmax}'s two arrays: 2 MB. Collisions cost nothing measurable up to 100,000 pairs in use. */
const BITS = 18;

/**
 * The weights of a multinomial logistic regression, p(a) ∝ exp(Σ_f w[f, a]·x_f): one weight for each pair of feature and row, kept in a
 * table of 2^18 by the pair's hash (Weinberger et al. 2009, Feature Hashing), learned by AdaGrad. A row stands for an outcome, such as a
 * tool, and is named by a well-mixed 32-bit hash.
 */
export class HashedSoftmax {
  readonly #weights = new Float32Array(2 ** BITS);
  readonly #squares = new Float32Array(2 ** BITS);

  /** Σ_f w[f, row]·x_f over the features from `first` up to, not including, `end`. */
  logit({ hashes, values }: Features, row: number, first: number, end: number): number {
    let sum = 0;
    for (let f = first; f < end; f++) sum += (this.#weights[slot(hashes[f] ?? 0, row)] ?? 0) * (values[f] ?? 0);
    return sum;
  }

  /** One step against the gradient of the row's logit, over the same features. */
  descend({ hashes, values }: Features, row: number, first: number, end: number, gradient: number): void {
    for (let f = first; f < end; f++) {
      const at = slot(hashes[f] ?? 0, row);
      const g = gradient * (values[f] ?? 0);
      const squares = (this.#squares[at] ?? 0) + g * g;
      this.#squares[at] = squares;
      this.#weights[at] = (this.#weights[at] ?? 0) - (RATE * g) / (Math.sqrt(squares) + EPSILON);
    }
  }

  save(): { readonly weights: Float32Array; readonly squares: Float32Array } {
    return { weights: this.#weights, squares: this.#squares };
  }

  load(saved: ReturnType<HashedSoftmax['save']>): void {
    this.#weights.set(saved.weights);
    this.#squares.set(saved.squares);
  }
}

function slot(feature: number, row: number): number {
  return Math.imul(feature ^ row, 0x9e3779b1) >>> (32 - BITS);
}
