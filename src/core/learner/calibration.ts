import { logistic } from '../statistics.ts';

/** Outcomes that the fit looks at, new ones between two fits, and steps of a fit. */
const WINDOW = 1_500;
const INTERVAL = 48;
const NEWTON_STEPS = 3;
/** Outcomes that the identity (slope 1, offset 0) is worth at the start. */
const PRIOR_STRENGTH = 20;
/** Slope below which the order of candidates would be lost, and the smallest share of a step that is tried. */
const LEAST_SLOPE = 0.02;
const LEAST_SHARE = 1e-4;
/** Beyond these odds a probability says no more. */
const GREATEST_LOGIT = 12;

/** What a calibration knows, as it is stored. */
export interface SavedCalibration {
  readonly logits: Float64Array;
  readonly hits: Uint8Array;
  readonly count: number;
  readonly slope: number;
  readonly offset: number;
}

/**
 * Turns a fused probability into the observed one: σ(slope·logit(p) + offset), fitted by Newton's method to the latest outcomes, each
 * foretold before it was learned from, with a ridge towards the identity. Source: Platt 1999; Lin, Lin & Weng 2007.
 */
export class Calibration {
  readonly #logits = new Float64Array(WINDOW);
  readonly #hits = new Uint8Array(WINDOW);
  #count = 0;
  #slope = 1;
  #offset = 0;

  /**
   * Probability in (0, 1) that a candidate of fused probability p is called and succeeds; at most (n + 1)/(n + 2) after n outcomes, Platt's
   * target for a hit, so that little experience is never certain.
   */
  confidence(p: number): number {
    const n = Math.min(this.#count, WINDOW);
    return Math.min((n + 1) / (n + 2), logistic(this.#slope * logit(p) + this.#offset));
  }

  observe(p: number, hit: boolean): void {
    const at = this.#count++ % WINDOW;
    this.#logits[at] = logit(p);
    this.#hits[at] = Number(hit);
    if (this.#count % INTERVAL === 0) for (let step = 0; step < NEWTON_STEPS; step++) this.#newton();
  }

  save(): SavedCalibration {
    return { logits: this.#logits, hits: this.#hits, count: this.#count, slope: this.#slope, offset: this.#offset };
  }

  load(saved: SavedCalibration): void {
    this.#logits.set(saved.logits);
    this.#hits.set(saved.hits);
    this.#count = saved.count;
    this.#slope = saved.slope;
    this.#offset = saved.offset;
  }

  /** One step of Newton's method on the penalised log loss, halved until it helps; the slope stays above 0, so that order is kept. */
  #newton(): void {
    const { slope: by_slope, offset: by_offset } = this.#step();
    const before = this.#loss(this.#slope, this.#offset);
    for (let share = 1; share > LEAST_SHARE; share /= 2) {
      const slope = Math.max(LEAST_SLOPE, this.#slope - share * by_slope);
      const offset = this.#offset - share * by_offset;
      if (this.#loss(slope, offset) >= before) continue;
      this.#slope = slope;
      this.#offset = offset;
      return;
    }
  }

  /** The solution of the 2×2 system at the current slope and offset; of the offset alone where the slope cannot fall further. */
  #step(): { readonly slope: number; readonly offset: number } {
    let [g0, g1] = [PRIOR_STRENGTH * (this.#slope - 1), PRIOR_STRENGTH * this.#offset];
    let [h00, h01, h11] = [PRIOR_STRENGTH, 0, PRIOR_STRENGTH];
    for (let at = 0; at < Math.min(this.#count, WINDOW); at++) {
      const x = this.#logits[at] ?? 0;
      const q = logistic(this.#slope * x + this.#offset);
      const [residual, curvature] = [q - (this.#hits[at] ?? 0), q * (1 - q)];
      g0 += residual * x;
      g1 += residual;
      h00 += curvature * x * x;
      h01 += curvature * x;
      h11 += curvature;
    }
    const determinant = h00 * h11 - h01 * h01;
    const slope = (h11 * g0 - h01 * g1) / determinant;
    if (this.#slope - slope < LEAST_SLOPE) return { slope: this.#slope - LEAST_SLOPE, offset: g1 / h11 };
    return { slope, offset: (h00 * g1 - h01 * g0) / determinant };
  }

  #loss(slope: number, offset: number): number {
    let loss = (PRIOR_STRENGTH * ((slope - 1) ** 2 + offset ** 2)) / 2;
    for (let at = 0; at < Math.min(this.#count, WINDOW); at++) {
      const z = slope * (this.#logits[at] ?? 0) + offset;
      loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (this.#hits[at] ?? 0) * z;
    }
    return loss;
  }
}

function logit(p: number): number {
  return Math.max(-GREATEST_LOGIT, Math.min(GREATEST_LOGIT, Math.log(p / (1 - p))));
}
