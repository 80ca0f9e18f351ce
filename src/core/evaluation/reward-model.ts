import { requestKeywords } from '../context.ts';
import type { Execution } from '../learner/log-event.ts';

/** Calls that the coarser mean is worth against the finer one. */
const SHRINKAGE = 2;
/** Requests whose key is kept: the steps of a turn ask the same. */
const REMEMBERED_KEYS = 64;

interface Sum {
  count: number;
  total: number;
}

/**
 * Expected reward of a call from the calls before it: the tool's mean for the request, shrunken towards its mean overall, shrunken towards
 * the mean of all calls: r_l = (Σ r + κ·r_{l−1}) / (n + κ), κ = 2; 0 before the first call. The request is its content words without
 * literals. The reward model of the doubly robust estimator, which need not be right for the estimate to be unbiased.
 */
export class RewardModel {
  readonly #sums = new Map<string, Sum>();
  readonly #keys = new Map<string, string>();

  predict(query: string | null, tool: string): number {
    return this.#levels(query, tool).reduce((coarser, level) => {
      const { count, total } = this.#sums.get(level) ?? { count: 0, total: 0 };
      return (total + SHRINKAGE * coarser) / (count + SHRINKAGE);
    }, this.#mean());
  }

  observe({ query, tool, reward }: Pick<Execution, 'query' | 'tool' | 'reward'>): void {
    for (const level of ['', ...this.#levels(query, tool)]) {
      const sum = this.#sums.get(level) ?? { count: 0, total: 0 };
      sum.count += 1;
      sum.total += reward;
      this.#sums.set(level, sum);
    }
  }

  #mean(): number {
    const { count, total } = this.#sums.get('') ?? { count: 1, total: 0 };
    return total / count;
  }

  /** Coarse to fine. A line break stands in no tool's name, so no two levels share a key. */
  #levels(query: string | null, tool: string): readonly string[] {
    return [tool, `${tool}\n${this.#keyOf(query ?? '')}`];
  }

  #keyOf(query: string): string {
    const known = this.#keys.get(query);
    if (known !== undefined) return known;
    if (this.#keys.size >= REMEMBERED_KEYS) this.#keys.clear();
    const key = requestKeywords(query).join(' ');
    this.#keys.set(query, key);
    return key;
  }
}
