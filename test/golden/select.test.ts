import { describe, expect, test } from 'vitest';
import { explorationRate } from '../../src/core/exploration.ts';
import type { Hyperparameters } from '../../src/core/hyperparameters.ts';
import { ucbScore } from '../../src/core/policies/ucb1.ts';
import { reference } from '../../src/core/rankers/reference.ts';
import { expectClose, expectSame, hasQuirk, loadGolden, REFERENCE } from './support.ts';
import { ToolLog } from './tool-log.ts';

type ValueByPair = Readonly<Record<string, number>> | null;

interface UcbCase {
  readonly total_selections: number;
  readonly selection_counts: Readonly<Record<string, number>>;
  readonly rl_policy: ValueByPair;
  readonly tool: string;
  readonly context_hash: string;
  readonly ucb_c: number;
  readonly score: number | null;
  readonly error: string | null;
  readonly tags: readonly string[];
}

interface TraceStep {
  readonly available_tools: readonly string[];
  readonly use_ucb: boolean;
  readonly random_draw: number;
  readonly choice_index: number | null;
  readonly selected: string;
  readonly was_exploration: boolean;
  readonly exploration_rate_after: number;
  readonly ucb_scores_before_count_update: Readonly<Record<string, number>> | null;
}

interface Trace {
  readonly id: string;
  readonly tags: readonly string[];
  readonly config: Partial<Hyperparameters>;
  readonly executions_logged_before: readonly { readonly tool: string; readonly success: boolean; readonly time_ms: number | null }[];
  readonly rl_policy: ValueByPair;
  readonly context_hash: string;
  readonly steps: readonly TraceStep[];
  readonly exploration_stats: {
    readonly current_exploration_rate: number;
    readonly initial_exploration_rate: number;
    readonly total_selections: number;
    readonly tool_selection_counts: Readonly<Record<string, number>>;
  };
  readonly exploration_rate_after_reset: number;
}

interface Decay {
  readonly exploration_rate: number;
  readonly exploration_decay: number;
  readonly min_exploration_rate: number;
  readonly rates_after_each_call: readonly number[];
}

const { ucb, traces, decay } = loadGolden<{
  readonly ucb: readonly UcbCase[];
  readonly traces: readonly Trace[];
  readonly decay: readonly Decay[];
}>('select');

/** A pair's value; null when there is no policy or an empty one; 0 when it lacks the pair. */
function valueFor(policy: ValueByPair, tool: string, context: string): number | null {
  const values = new Map(Object.entries(policy ?? {}));
  return values.size === 0 ? null : (values.get(`${tool}:${context}`) ?? 0);
}

function scoreOf(arm: UcbCase): number {
  const selection_count = arm.selection_counts[arm.tool] ?? 0;
  return ucbScore({ ...arm, selection_count, value: valueFor(arm.rl_policy, arm.tool, arm.context_hash) });
}

test('the file holds cases', () => {
  for (const part of [ucb, traces, decay]) expect(part.length).toBeGreaterThan(0);
});

test.each(ucb.filter(({ score }) => score !== null))(
  'UCB score after $total_selections selections, counts $selection_counts, policy $rl_policy',
  (arm) => {
    expectClose(scoreOf(arm), arm.score ?? Number.NaN);
  },
);

test.each(ucb.filter(({ score }) => score === null))(
  'quirk:overflow (fault 22): $rl_policy has a score and it is the bonus alone',
  (arm) => {
    expect(scoreOf(arm)).toBeGreaterThan(0);
    expectClose(scoreOf(arm), scoreOf({ ...arm, rl_policy: null }));
  },
);

/** The reference's select_tool, with its two random numbers given, composed from the core's functions. */
class Selector {
  readonly counts = new Map<string, number>();
  total = 0;
  readonly #trace: Trace;
  readonly #h: Hyperparameters;
  readonly #log = new ToolLog();

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#h = { ...REFERENCE, ...trace.config };
    for (const { tool, success, time_ms } of trace.executions_logged_before) {
      this.#log.add({ session_id: 's', tool_name: tool, success, execution_time_ms: time_ms });
    }
  }

  get rate(): number {
    return explorationRate(this.total, this.#h);
  }

  get rateAfterReset(): number {
    return explorationRate(0, this.#h);
  }

  scores(tools: readonly string[]): Map<string, number> {
    const { rl_policy, context_hash } = this.#trace;
    const { ucb_c } = this.#h;
    return new Map(
      tools.map((tool) => {
        const selection_count = this.counts.get(tool) ?? 0;
        const value = valueFor(rl_policy, tool, context_hash);
        return [tool, ucbScore({ value, total_selections: this.total, selection_count, ucb_c })];
      }),
    );
  }

  select(step: TraceStep): { readonly selected: string | undefined; readonly was_exploration: boolean } {
    const explores = step.random_draw < this.rate;
    this.total += 1;
    const ucbApplies = step.use_ucb && this.total > step.available_tools.length;
    const selected = explores ? step.available_tools[step.choice_index ?? -1] : ucbApplies ? this.#greatest(step) : this.#recommended(step);
    const drawnBefore = this.counts.get(selected ?? '') ?? 0;
    this.counts.set(selected ?? '', drawnBefore + 1);
    return { selected, was_exploration: explores || (ucbApplies && drawnBefore < this.#h.min_samples) };
  }

  #greatest(step: TraceStep): string | undefined {
    const scores = [...this.scores(step.available_tools)];
    return scores.toSorted(([, a], [, b]) => b - a)[0]?.[0];
  }

  #recommended({ available_tools }: TraceStep): string | undefined {
    const { rl_policy, context_hash } = this.#trace;
    const tools = available_tools.map((tool) => this.#log.evidence(tool, valueFor(rl_policy, tool, context_hash)));
    return reference({ tools }, this.#h)[0]?.tool_name;
  }
}

describe.each(traces.filter(({ tags }) => !hasQuirk(tags)))('trace $id ($tags)', (trace) => {
  test('every selection, its rate and its scores', () => {
    const selector = new Selector(trace);
    for (const [at, step] of trace.steps.entries()) {
      if (step.ucb_scores_before_count_update !== null) {
        expectSame(Object.fromEntries(selector.scores(step.available_tools)), step.ucb_scores_before_count_update, `scores at ${at}`);
      }
      const { selected, was_exploration } = selector.select(step);
      expect([at, selected, was_exploration]).toEqual([at, step.selected, step.was_exploration]);
      expectClose(selector.rate, step.exploration_rate_after, `rate after ${at}`);
    }
  });

  test('counts and rates at the end', () => {
    const selector = new Selector(trace);
    for (const step of trace.steps) selector.select(step);
    const { exploration_stats: stats } = trace;
    expectClose(selector.rate, stats.current_exploration_rate);
    expect(selector.total).toBe(stats.total_selections);
    expect(Object.fromEntries(selector.counts)).toEqual(stats.tool_selection_counts);
    expectClose(selector.rateAfterReset, trace.exploration_rate_after_reset);
  });
});

test.each(traces.filter(({ tags }) => hasQuirk(tags, 'zero-rate-rises-to-minimum')))(
  'quirk:zero-rate-rises-to-minimum (fault 25): $id: a rate of zero stays zero, and the selections are the same',
  (trace) => {
    const selector = new Selector(trace);
    for (const step of trace.steps) {
      expect(selector.select(step).selected).toBe(step.selected);
      expect(selector.rate).toBe(0);
    }
  },
);

const ratesOf = (config: Decay) => config.rates_after_each_call.map((_, at) => explorationRate(at + 1, { ...REFERENCE, ...config }));

test.each(decay.filter((config) => config.exploration_rate >= config.min_exploration_rate))(
  'a rate of $exploration_rate decays by $exploration_decay to $min_exploration_rate',
  (config) => expectSame(ratesOf(config), config.rates_after_each_call, 'rates'),
);

test.each(decay.filter((config) => config.exploration_rate < config.min_exploration_rate))(
  'fault 25: a rate of $exploration_rate below the floor of $min_exploration_rate never rises to it',
  (config) => {
    for (const rate of ratesOf(config)) expect(rate).toBe(config.exploration_rate);
  },
);
