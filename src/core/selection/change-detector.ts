export interface ChangeOptions {
  /** Drop of the success rate below the prediction that is tolerated, in [0, 1]. */
  readonly tolerance: number;
  /** Sum of the excess at which a change is declared. */
  readonly threshold: number;
}

export const CHANGE_OPTIONS: ChangeOptions = Object.freeze({ tolerance: 0.1, threshold: 2 });

/**
 * Page–Hinkley test for a collapse of one tool's success: m ← max(0, m + (p − r − tolerance)), a change when m > threshold, with p the
 * predicted probability of success, r the outcome (1 or 0). A calibrated prediction drifts down by the tolerance, so a stable tool
 * seldom alarms; one that was trusted and fails does after about threshold/p failures.
 * Sources: Page 1954, Continuous Inspection Schemes (CUSUM); Gama et al. 2014, A Survey on Concept Drift Adaptation, section 3.2.
 */
export class ChangeDetector {
  readonly #options: ChangeOptions;
  readonly #excess = new Map<number, number>();

  constructor(options: ChangeOptions = CHANGE_OPTIONS) {
    this.#options = options;
  }

  /** Takes in one outcome of a tool. @returns whether the tool has changed; its sum then starts anew */
  observe(tool: number, predicted: number, success: boolean): boolean {
    const excess = Math.max(0, (this.#excess.get(tool) ?? 0) + predicted - Number(success) - this.#options.tolerance);
    const changed = excess > this.#options.threshold;
    this.#excess.set(tool, changed ? 0 : excess);
    return changed;
  }

  save(): readonly (readonly [number, number])[] {
    return [...this.#excess];
  }

  load(saved: readonly (readonly [number, number])[]): void {
    this.#excess.clear();
    for (const [tool, excess] of saved) this.#excess.set(tool, excess);
  }
}
