import { expect } from 'vitest';

/** Q-values by the documented formula (docs/algorithms.md, "Q-learning"), as far as they can be foretold. */

const ALPHA = 0.3;
const GAMMA = 0.95;
/** |Q| ≤ max |r| / (1 − γ), with rewards within [−14, 16]. */
const LARGEST = 16 / (1 - GAMMA);
/** Updates of one session to one cell that count fully in a day (issue 4, "Poisoning"). */
const FULL_UPDATES = 3;

interface Cell {
  visits: number;
  /** null: replay has changed it since it was last told. */
  q: number | null;
  readonly updatesOf: Map<string, number>;
  /** Some update may have counted less than fully. */
  isWeakened: boolean;
}

export interface Update {
  /** The model's own name of the context, not its hash. */
  readonly context: string;
  readonly next_context: string | null;
  readonly tool: string;
  readonly session: string;
  readonly reward: number;
  /** The tools whose values the next state is worth; those never called there count 0. */
  readonly available: readonly string[];
}

export interface Foretold {
  readonly visit_count: number;
  /** null: cannot be foretold. */
  readonly td_error: number | null;
  readonly q_value: number | null;
}

export class Values {
  readonly #cells = new Map<string, Map<string, Cell>>();

  cell(context: string, tool: string): Readonly<Cell> | undefined {
    return this.#cells.get(context)?.get(tool);
  }

  /** Every (context, tool) that was called. */
  all(): readonly (readonly [context: string, tool: string, cell: Readonly<Cell>])[] {
    return [...this.#cells].flatMap(([context, tools]) => [...tools].map(([tool, cell]) => [context, tool, cell] as const));
  }

  foretell(update: Update): Foretold {
    const cell = this.cell(update.context, update.tool);
    const q = cell === undefined ? 0 : cell.q;
    const next = this.#greatest(update.next_context, update.available);
    const td_error = q === null || next === null ? null : update.reward + GAMMA * next - q;
    const isFull = (cell?.updatesOf.get(update.session) ?? 0) < FULL_UPDATES;
    return {
      visit_count: (cell?.visits ?? 0) + 1,
      td_error,
      q_value: isFull && q !== null && td_error !== null ? q + ALPHA * td_error : null,
    };
  }

  /** Takes over what the server answered, after it has been compared. An update that counts less moves less, and not the other way. */
  learn(update: Update, told: { readonly td_error: number; readonly q_value: number }): void {
    const before = this.cell(update.context, update.tool);
    const q = before === undefined ? 0 : before.q;
    if (q !== null) {
      const share = told.td_error === 0 ? 0 : (told.q_value - q) / told.td_error;
      expect(share, 'the share of the TD error that was learned').toBeGreaterThanOrEqual(-1e-9);
      expect(share, 'the share of the TD error that was learned').toBeLessThanOrEqual(ALPHA + 1e-9);
    }
    expect(Math.abs(told.q_value)).toBeLessThanOrEqual(LARGEST);
    this.#visit(update, told.q_value);
  }

  #visit({ context, tool, session }: Update, q: number): void {
    const tools = this.#cells.get(context) ?? new Map<string, Cell>();
    this.#cells.set(context, tools);
    const cell = tools.get(tool) ?? { visits: 0, q: 0, updatesOf: new Map<string, number>(), isWeakened: false };
    tools.set(tool, cell);
    const updates = (cell.updatesOf.get(session) ?? 0) + 1;
    cell.updatesOf.set(session, updates);
    if (updates > FULL_UPDATES) cell.isWeakened = true;
    cell.visits += 1;
    cell.q = q;
  }

  /** Q after a rating that came late: the difference in reward times the weight α(1 − α)^k that the call still has. null: not foretold. */
  afterRating(call: { readonly context: string; readonly tool: string; readonly visit_count: number }, difference: number): number | null {
    const cell = this.cell(call.context, call.tool);
    if (cell === undefined || cell.q === null || cell.isWeakened) return null;
    return cell.q + difference * ALPHA * (1 - ALPHA) ** (cell.visits - call.visit_count);
  }

  /** The server says what a value is. */
  told(context: string, tool: string, q: number): void {
    const cell = this.#cells.get(context)?.get(tool);
    if (cell !== undefined) cell.q = q;
  }

  /** After a replay every value may be another. */
  forget(): void {
    for (const tools of this.#cells.values()) for (const cell of tools.values()) cell.q = null;
  }

  /** max Q(s′, ·); null: not known. */
  #greatest(context: string | null, available: readonly string[]): number | null {
    const tools = context === null ? undefined : this.#cells.get(context);
    if (tools === undefined || available.length === 0) return 0;
    const values = available.map((tool) => (tools.has(tool) ? (tools.get(tool)?.q ?? null) : 0));
    return values.includes(null) ? null : Math.max(...values.filter((value) => value !== null));
  }
}
