import { expect } from 'vitest';
import { Sequences } from './sequences.ts';
import type { StateArgs } from './steps.ts';
import { Values } from './values.ts';

/** What toolwise must know after the calls so far, by docs/contract and docs/algorithms.md. Nothing of src is used here. */

export interface Execution {
  readonly execution_id: string;
  readonly session: string;
  readonly tool: string;
  readonly success: boolean;
  readonly time_ms: number | null;
  /** Mean time of the tool's calls before this one; null: none was measured. */
  readonly average_ms: number | null;
  rating: number | null;
  readonly query: string | null;
  readonly arguments: Readonly<Record<string, unknown>> | null;
  words: string | null;
  reward: number;
  readonly td_error: number;
  readonly q_value: number;
  readonly visit_count: number;
  readonly context: string;
  readonly next_context: string | null;
  readonly advice: JoinedAdvice | null;
}

export interface JoinedAdvice {
  readonly recommendation_id: string;
  readonly rank: number | null;
  readonly followed: boolean;
}

export interface Episode {
  readonly episode_id: string;
  readonly session: string;
  readonly outcome: string;
  readonly tools: readonly string[];
  readonly reward: number;
  readonly ngrams: number | null;
}

export interface Advice {
  readonly recommendation_id: string;
  readonly session: string | null;
  /** Best first. */
  readonly tools: readonly string[];
  /** The first execution that answered it. */
  answer: Execution | null;
}

export interface Session {
  /** The executions since the latest episode, oldest first. */
  steps: Execution[];
  /** The latest request. */
  query: string | null;
  episode: Episode | null;
  advice: Advice | null;
}

export interface Totals {
  calls: number;
  successes: number;
  readonly times: number[];
}

const RATE = { start: 0.1, decay: 0.995, floor: 0.01 };
const REPLAY_INTERVAL = 10;

export class Model {
  readonly executions: Execution[] = [];
  readonly episodes: Episode[] = [];
  readonly advice: Advice[] = [];
  readonly registered = new Set<string>();
  readonly values = new Values();
  readonly sequences = new Sequences();
  /** Exploration rates of the draws so far. */
  readonly rates: number[] = [];
  draws_since_reset = 0;
  batches = 0;
  /** Transitions of a replay batch, as the servers are told. */
  readonly batch_size: number;
  readonly #totals = new Map<string, Totals>();
  readonly #sessions = new Map<string, Session>();
  readonly #hashes = new Map<string, string>();

  constructor({ batch_size }: { readonly batch_size: number }) {
    this.batch_size = batch_size;
  }

  /** The session; a new one is not kept until it is written. */
  session(name: string): Readonly<Session> {
    return this.#sessions.get(name) ?? { steps: [], query: null, episode: null, advice: null };
  }

  change(name: string, changes: Partial<Session>): void {
    this.#sessions.set(name, { ...this.session(name), ...changes });
  }

  totals(tool: string): Readonly<Totals> {
    return this.#totals.get(tool) ?? { calls: 0, successes: 0, times: [] };
  }

  /** Tools that were registered or called. */
  known(): readonly string[] {
    return [...new Set([...this.registered, ...this.#totals.keys()])];
  }

  ratingsOf(tool: string): readonly number[] {
    return this.executions.filter((call) => call.tool === tool).flatMap(({ rating }) => rating ?? []);
  }

  explorationRate(): number {
    return Math.max(RATE.floor, RATE.start * RATE.decay ** this.draws_since_reset);
  }

  /** The context of a state: what is told wins over what the session recorded. */
  contextOf(told: StateArgs): string {
    const session = told.session_id === undefined ? undefined : this.session(told.session_id);
    return contextName(
      told.query ?? session?.query ?? '',
      told.previous_tool ?? told.recent_tools?.at(-1) ?? session?.steps.at(-1)?.tool ?? null,
      told.session_length ?? told.recent_tools?.length ?? session?.steps.length ?? 0,
    );
  }

  /** The hash of a context, when it was told before; else whatever looks like one. */
  hashOf(context: string): unknown {
    return this.#hashes.get(context) ?? expect.stringMatching(/^[0-9a-f]{64}$/);
  }

  /** Two contexts never share a hash, and one never has two. */
  learnHash(context: string, hash: string): void {
    const same = [...this.#hashes].filter(([other, known]) => known === hash || other === context);
    for (const [other, known] of same) expect([other, known]).toEqual([context, hash]);
    this.#hashes.set(context, hash);
  }

  addExecution(call: Execution, told: { readonly query?: string | undefined }): void {
    this.executions.push(call);
    const { calls, successes, times } = this.totals(call.tool);
    const measured = call.time_ms === null ? times : [...times, call.time_ms];
    this.#totals.set(call.tool, { calls: calls + 1, successes: successes + (call.success ? 1 : 0), times: measured });
    const { steps, query } = this.session(call.session);
    this.change(call.session, { steps: [...steps, call], query: told.query ?? query });
    const count = this.executions.length;
    if (count % REPLAY_INTERVAL === 0 && count >= this.batch_size) this.replayed(1);
  }

  addAdvice(advice: Advice, told: StateArgs): void {
    this.advice.push(advice);
    if (advice.session === null) return;
    this.change(advice.session, { advice, query: told.query ?? this.session(advice.session).query });
  }

  replayed(batches: number): void {
    if (batches === 0) return;
    this.batches += batches;
    this.values.forget();
  }
}

export function contextName(query: string, previous: string | null, length: number): string {
  return JSON.stringify([query, previous, length]);
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
