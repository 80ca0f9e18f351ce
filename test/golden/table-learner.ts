import { greatestNextValue, tdError, tdTarget, updatedValue } from '../../src/core/q-learning.ts';
import { ReplayMemory, replayPriority } from '../../src/core/replay.ts';
import { type ReplayTransition, replayBatch, type ValueTable } from '../../src/core/replay-batch.ts';
import type { Uniform } from '../../src/core/types.ts';

export interface Step {
  readonly tool: string;
  readonly context: string;
  readonly reward: number;
  /** null: no future. */
  readonly next_context: string | null;
  /** null: every tool known so far. */
  readonly available_tools: readonly string[] | null;
  readonly is_terminal: boolean;
}

export interface LearnerSettings {
  readonly learning_rate: number;
  readonly discount_factor: number;
  readonly batch_size: number;
  readonly replay_interval: number;
  readonly replay_capacity: number;
  readonly priority_exponent: number;
  readonly importance_exponent: number;
  /** Priority of a new transition, and whether a batch renews it. */
  readonly priority: 'reference' | 'td_error';
}

export type Row = readonly [tool: string, context: string, action_value: number, visit_count: number];

/** As the golden files have it unless they say otherwise: no replay, and the priorities of the reference. */
export const NO_REPLAY: LearnerSettings = {
  learning_rate: 0.1,
  discount_factor: 0.9,
  batch_size: Number.POSITIVE_INFINITY,
  replay_interval: 10,
  replay_capacity: 10_000,
  priority_exponent: 0.6,
  importance_exponent: 0,
  priority: 'reference',
};

/** The whole learner in memory: a table of action values driven through the public functions of the core, for numbers to compare. */
export class TableLearner {
  readonly memory: ReplayMemory<Step>;
  readonly #settings: LearnerSettings;
  readonly #uniform: Uniform;
  readonly #contexts = new Map<string, number>();
  readonly #tools = new Map<string, number>();
  /** Tools that have been updated: a tool that was only listed is not known. */
  readonly #known = new Set<string>();
  readonly #values: ValueTable = new Map();
  readonly #visits = new Map<string, { readonly tool: string; readonly context: string; readonly count: number }>();
  #updates = 0;

  constructor(settings: LearnerSettings, uniform: Uniform) {
    this.#settings = settings;
    this.#uniform = uniform;
    this.memory = new ReplayMemory({ ...settings, capacity: settings.replay_capacity });
  }

  /** Learns one step; the second number is the batch's mean absolute TD error when one was due. */
  update(step: Step): { readonly td_error: number; readonly batch_avg_td_error: number | null } {
    this.#known.add(step.tool);
    const q = this.value(step.tool, step.context);
    const next_value = step.is_terminal || step.next_context === null ? 0 : this.#nextValue(step.next_context, step.available_tools);
    const td_error = tdError(tdTarget({ ...step, next_value, discount_factor: this.#settings.discount_factor }), q);
    this.#state(step.context).set(key(this.#tools, step.tool), updatedValue(q, td_error, this.#settings.learning_rate));
    this.#countVisit(step);
    this.memory.add(step, this.#settings.priority === 'reference' ? Math.abs(step.reward) + 1 : replayPriority(td_error));
    this.#updates += 1;
    return { td_error, batch_avg_td_error: this.#replayWhenDue() };
  }

  value(tool: string, context: string): number {
    return this.#state(context).get(key(this.#tools, tool)) ?? 0;
  }

  /** In the order in which the rows came to be. */
  table(): Row[] {
    return [...this.#visits.values()].map(({ tool, context, count }) => [tool, context, this.value(tool, context), count]);
  }

  #nextValue(context: string, available: readonly string[] | null): number {
    const known = this.#state(context);
    const tools = available ?? [...this.#known];
    const values = tools.flatMap((tool) => known.get(key(this.#tools, tool)) ?? []);
    return greatestNextValue(values, values.length < tools.length);
  }

  #replayWhenDue(): number | null {
    const { batch_size, replay_interval } = this.#settings;
    if (this.#updates % replay_interval !== 0 || this.memory.length < batch_size) return null;
    const sample = this.memory.sample(batch_size, this.#uniform);
    const transitions = sample.map(({ item, weight }) => this.#transition(item, weight));
    const { td_errors, avg_td_error } = replayBatch(transitions, this.#values, { ...this.#settings, tool_count: this.#known.size });
    if (this.#settings.priority === 'td_error') {
      for (const [at, { position }] of sample.entries()) this.memory.setPriority(position, replayPriority(td_errors[at] ?? 0));
    }
    return avg_td_error;
  }

  #transition(step: Step, weight: number): ReplayTransition {
    const next = step.is_terminal ? null : step.next_context;
    return {
      context_id: key(this.#contexts, step.context),
      tool_id: key(this.#tools, step.tool),
      reward: step.reward,
      next_context_id: next === null ? null : key(this.#contexts, next),
      next_tool_ids: step.available_tools?.map((tool) => key(this.#tools, tool)) ?? null,
      weight,
    };
  }

  #state(context: string): Map<number, number> {
    const id = key(this.#contexts, context);
    const state = this.#values.get(id) ?? new Map<number, number>();
    this.#values.set(id, state);
    return state;
  }

  #countVisit({ tool, context }: Step): void {
    const pair = JSON.stringify([tool, context]);
    this.#visits.set(pair, { tool, context, count: (this.#visits.get(pair)?.count ?? 0) + 1 });
  }
}

function key(ids: Map<string, number>, name: string): number {
  const id = ids.get(name) ?? ids.size;
  ids.set(name, id);
  return id;
}
