import { canonicalContext, type State } from '../../context.ts';
import type { Hyperparameters } from '../../hyperparameters.ts';
import type { Decision, Execution, LogEvent, Rating } from '../../learner/log-event.ts';
import { constantStepWeight, greatestNextValue, tdError, tdTarget, updatedValue } from '../../q-learning.ts';
import type { Cell, ToolEvidence } from '../../rankers/evidence.ts';
import { reference } from '../../rankers/reference.ts';
import type { Contender } from '../contender.ts';
import { Trails } from '../trails.ts';

type Totals = Omit<ToolEvidence, 'tool_name' | 'exact' | 'step' | 'request' | 'previous'>;
type Values = Map<string, Pick<Cell, 'q_value' | 'visit_count'>>;

/** What a late rating must know of its execution. */
interface Call {
  readonly event: Execution;
  readonly context: string;
  readonly visit: number;
}

const NOTHING: Totals = Object.freeze({
  total_calls: 0,
  success_count: 0,
  rated_calls: 0,
  rating_sum: 0,
  timed_calls: 0,
  total_time_ms: 0,
});

/**
 * The reference's `get_tool_recommendations`, from what it would have known: each tool's totals, and Q-values by the exact context, learned
 * by one step of Q-learning a call and corrected by late ratings. Left out are its replay batches, which repeat steps already taken, and
 * the mark of a terminal call, which the log's events do not carry: every call is taken to have a next state.
 */
export class Reference implements Contender {
  readonly name = 'reference';
  readonly #h: Hyperparameters;
  readonly #domain_keywords: readonly string[];
  readonly #trails = new Trails();
  readonly #totals = new Map<string, Totals>();
  readonly #values = new Map<string, Values>();
  readonly #calls = new Map<number, Call>();
  readonly #known = new Set<string>();

  constructor(h: Hyperparameters, domain_keywords: readonly string[]) {
    this.#h = h;
    this.#domain_keywords = domain_keywords;
  }

  rank(decision: Decision): string[] {
    const values = this.#values.get(this.#contextOf(this.#trails.stateOf(decision)));
    const tools = decision.available.map((tool_name): ToolEvidence => {
      const value = values?.get(tool_name);
      const exact = value === undefined ? null : { ...value, success_rate: 0 }; // the reference's formula does not read it
      return { tool_name, ...(this.#totals.get(tool_name) ?? NOTHING), exact, step: null, request: null, previous: null };
    });
    return reference({ tools }, this.#h).map((ranked) => ranked.tool_name);
  }

  observe(event: LogEvent): void {
    if (event.kind === 'registration') this.#known.add(event.tool);
    if (event.kind === 'rating') this.#rate(event);
    if (event.kind === 'execution') this.#execute(event);
    this.#trails.observe(event);
  }

  #execute(event: Execution): void {
    this.#known.add(event.tool);
    const state = this.#trails.stateOf({ query: event.query, session: event.session });
    const next = { query: state.query, previous_tool: event.tool, session_length: state.session_length + 1 };
    const context = this.#contextOf(state);
    const values = this.#values.get(context) ?? new Map();
    const { q_value, visit_count } = values.get(event.tool) ?? { q_value: 0, visit_count: 0 };
    const next_value = this.#nextValue(this.#contextOf(next), event.available);
    const target = tdTarget({ reward: event.reward, next_value, discount_factor: this.#h.discount_factor });
    const updated = updatedValue(q_value, tdError(target, q_value), this.#h.learning_rate);
    this.#values.set(context, values.set(event.tool, { q_value: updated, visit_count: visit_count + 1 }));
    this.#calls.set(event.seq, { event, context, visit: visit_count + 1 });
    this.#count(event);
  }

  #nextValue(context: string, available: readonly string[] | null): number {
    const values = this.#values.get(context);
    if (values === undefined) return 0;
    const tools = available === null ? this.#known : new Set(available);
    const held = [...values].filter(([tool]) => tools.has(tool)).map(([, { q_value }]) => q_value);
    return greatestNextValue(held, held.length < tools.size);
  }

  #count({ tool, success, rating, time_ms }: Execution): void {
    const totals = this.#totals.get(tool) ?? NOTHING;
    this.#totals.set(tool, {
      total_calls: totals.total_calls + 1,
      success_count: totals.success_count + Number(success),
      rated_calls: totals.rated_calls + Number(rating !== null),
      rating_sum: totals.rating_sum + (rating ?? 0),
      timed_calls: totals.timed_calls + Number(time_ms !== null),
      total_time_ms: totals.total_time_ms + (time_ms ?? 0),
    });
  }

  #rate({ seq, rating, reward }: Rating): void {
    const call = this.#calls.get(seq);
    if (call === undefined) return;
    const { event, context, visit } = call;
    const totals = this.#totals.get(event.tool) ?? NOTHING;
    const rated_calls = totals.rated_calls + Number(event.rating === null);
    this.#totals.set(event.tool, { ...totals, rated_calls, rating_sum: totals.rating_sum + rating - (event.rating ?? 0) });
    const value = this.#values.get(context)?.get(event.tool) ?? { q_value: 0, visit_count: visit };
    const change = constantStepWeight(visit, value.visit_count, this.#h.learning_rate) * (reward - event.reward);
    this.#values.get(context)?.set(event.tool, { ...value, q_value: value.q_value + change });
    this.#calls.set(seq, { ...call, event: { ...event, rating, reward } });
  }

  #contextOf(state: State): string {
    return canonicalContext(state, this.#domain_keywords);
  }
}
