import { DEFAULTS, type Hyperparameters } from '../../../src/core/hyperparameters.ts';
import { backoff } from '../../../src/core/rankers/backoff.ts';
import type { Cell, Ranked, ToolEvidence } from '../../../src/core/rankers/evidence.ts';

/** Where a call is made: its request, the tool before it and the session's length. */
export interface Place {
  readonly request?: string;
  readonly previous?: string;
  readonly length?: number;
}

export const NEVER_CALLED: ToolEvidence = Object.freeze({
  tool_name: 'tool',
  total_calls: 0,
  success_count: 0,
  rated_calls: 0,
  rating_sum: 0,
  timed_calls: 0,
  total_time_ms: 0,
  exact: null,
  step: null,
  request: null,
  previous: null,
});

const LEVELS = ['exact', 'step', 'request', 'previous'] as const;

/** Evidence gathered call by call as the product's tables gather it, for rankers to be asked about. */
export class Learner {
  readonly #totals = new Map<string, ToolEvidence>();
  readonly #cells = new Map<string, Cell>();
  readonly #h: Hyperparameters;

  constructor(h: Hyperparameters = DEFAULTS) {
    this.#h = h;
  }

  /** Records `times` equal calls; the reward is what the outcome and the rating are worth. */
  call(tool_name: string, success: boolean, place: Place = {}, { times = 1, rating = null as number | null } = {}): this {
    for (let call = 0; call < times; call++) this.#record(tool_name, success, place, rating);
    return this;
  }

  rank(tools: readonly string[], place: Place = {}): Ranked[] {
    const keys = keysOf(place);
    const evidence = tools.map((name) => {
      const total = this.#totals.get(name) ?? { ...NEVER_CALLED, tool_name: name };
      const cells = LEVELS.map((level) => [level, this.#cells.get(JSON.stringify([keys[level], name])) ?? null]);
      return { ...total, ...(Object.fromEntries(cells) as Record<(typeof LEVELS)[number], Cell | null>) };
    });
    return backoff({ tools: evidence }, this.#h);
  }

  order(tools: readonly string[], place: Place = {}): string[] {
    return this.rank(tools, place).map((ranked) => ranked.tool_name);
  }

  #record(tool_name: string, success: boolean, place: Place, rating: number | null): void {
    const { reward_success, reward_failure, rating_weight } = this.#h;
    const reward = (success ? reward_success : reward_failure) + (rating === null ? 0 : rating_weight * (rating - 3));
    const total = this.#totals.get(tool_name) ?? { ...NEVER_CALLED, tool_name };
    this.#totals.set(tool_name, {
      ...total,
      total_calls: total.total_calls + 1,
      success_count: total.success_count + Number(success),
      rated_calls: total.rated_calls + Number(rating !== null),
      rating_sum: total.rating_sum + (rating ?? 0),
    });
    for (const [level, key] of Object.entries(keysOf(place))) this.#learn(JSON.stringify([key, tool_name]), level, reward, success);
  }

  #learn(key: string, level: string, reward: number, success: boolean): void {
    const before = this.#cells.get(key) ?? { q_value: 0, success_rate: 0, visit_count: 0 };
    const meanStep = Math.max(this.#h.coarse_learning_rate, 1 / (before.visit_count + 1));
    const step = level === 'exact' ? this.#h.learning_rate : meanStep;
    this.#cells.set(key, {
      q_value: before.q_value + step * (reward - before.q_value),
      success_rate: before.success_rate + meanStep * (Number(success) - before.success_rate),
      visit_count: before.visit_count + 1,
    });
  }
}

function keysOf({ request = '', previous = '', length = 0 }: Place): Record<(typeof LEVELS)[number], string> {
  return {
    exact: JSON.stringify(['exact', request, previous, length]),
    step: JSON.stringify(['step', request, previous]),
    request: JSON.stringify(['request', request]),
    previous: JSON.stringify(['previous', previous]),
  };
}
