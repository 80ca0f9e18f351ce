import { Catalogue, type Tool } from '../../../src/core/learner/catalogue.ts';
import { type Moment, momentOf, type Step } from '../../../src/core/learner/moment.ts';
import { parseQuery } from '../../../src/core/learner/query.ts';
import { seededUniform } from '../../../src/core/random.ts';
import type { Correction, Example, Signal } from '../../../src/core/signals/signal.ts';

let seq = 0;

export function toolNamed(name: string, description: string | null = null, input_schema: unknown = null): Tool {
  return new Catalogue().add(name, description, input_schema);
}

/** Where a choice stands; what is left out is empty. Tools are given by their names. */
export interface Place {
  readonly query?: string;
  readonly earlier?: readonly string[];
  /** Names of tools, each with `!` at its end when it failed and `@n` before that when it served turn n instead of this one. */
  readonly history?: readonly string[];
  readonly session?: number;
  readonly turn?: number;
}

export function at(candidates: readonly string[], { query = '', earlier = [], history = [], session = 1, turn = 1 }: Place = {}): Moment {
  return momentOf({
    query: parseQuery(query),
    earlier: earlier.map(parseQuery),
    candidates: candidates.map((name) => toolNamed(name)),
    history: history.map((text) => stepOf(text, turn)),
    session,
    turn,
  });
}

function stepOf(text: string, turn: number): Step {
  const [name = '', of_turn = `${turn}`] = text.replace(/!$/, '').split('@');
  return { tool: toolNamed(name), success: !text.endsWith('!'), turn: Number(of_turn), request: 0, taught: true };
}

/** A call of one of the candidates, a success unless said. */
export function called(moment: Moment, tool: string, details: Partial<Example> = {}): Example {
  seq += 1;
  const success = details.success ?? true;
  const good = success && (details.rating ?? 3) >= 3;
  const chosen = moment.candidates.findIndex(({ name }) => name === tool);
  const rest = { seq, told: true, rating: null, reward: success ? 10 : -5, uniform: seededUniform(5, seq), ...details };
  return { moment, chosen, success, good, ...rest };
}

/** The late rating of a call that had none before, unless it is told; the reward moves by two a star. */
export function rated({ seq: of, moment, chosen, success, reward }: Example, rating: number, before: number | null = null): Correction {
  const [tool = 0, previous = 0] = [moment.candidates[chosen]?.hash, moment.history.at(-1)?.tool.hash];
  const after = reward + 2 * (rating - 3);
  const known = { seq: of, tool, previous, request: moment.query.request, rating_before: before, reward_before: reward };
  return { ...known, rating, reward: after, was_good: success && (before ?? 3) >= 3, good: success && rating >= 3 };
}

/** What a signal says of each candidate, by column. */
export function said(signal: Signal, moment: Moment): Record<string, number>[] {
  const width = signal.columns.length;
  const rows = new Float64Array(moment.candidates.length * width);
  signal.score(moment, rows, 0, width);
  return moment.candidates.map((_, row) =>
    Object.fromEntries(signal.columns.map(({ name }, column) => [name, rows[row * width + column] ?? Number.NaN])),
  );
}

/** One column of it, in the order of the candidates. */
export function column(signal: Signal, moment: Moment, name: string): number[] {
  return said(signal, moment).map((columns) => columns[name] ?? Number.NaN);
}

/** A fresh signal that has loaded what the other saved, as it comes out of a snapshot. */
export function reloaded<S extends Signal>(saved: S, fresh: S): S {
  fresh.load?.(structuredClone(saved.save?.()));
  return fresh;
}
