import { setImmediate as nextTurn } from 'node:timers/promises';
import { inert } from '../../core/quote.ts';
import { StorageError } from '../../errors.ts';
import type { Trx } from '../../store/database.ts';
import type { AdviceRule } from '../advice.ts';
import type { Engine } from '../engine.ts';
import { inBatches } from './batches.ts';
import { LineTaker, type LineTakerOptions } from './line-taker.ts';
import type { Line } from './lines.ts';

const ITEMS_A_TRANSACTION = 200;
const BAD_LINES_SHOWN = 20;
const LONGEST_REASON = 200;

/** What a line of a source tells. The same line in the same place tells the same, ids included, so that it can be told again. */
export interface ToldLine {
  /** From 1: of the source, for people. */
  readonly line: number;
  /** In their order; empty: nothing that toolwise learns from. */
  readonly told: readonly Line[];
  /** For an entry that has none: at most one of `told` may need it. */
  readonly id: string;
}

/** A line that cannot be used, and why, in one sentence. */
export interface UnusableLine {
  readonly line: number;
  readonly problem: string;
}

export interface ImportOptions {
  /** Only say what would be added. */
  readonly dry_run?: boolean | undefined;
  /** Which advice calls may name; default: any that is there. */
  readonly advice_rule?: AdviceRule | undefined;
  /** Called with the number of the latest line. */
  readonly progress?: ((line: number) => void) | undefined;
}

export interface Imported {
  readonly lines: number;
  /** Entries, count. */
  readonly added: number;
  /** There before, count. */
  readonly known: number;
  /** The first lines that could not be taken, and why. */
  readonly bad: readonly { readonly line: number; readonly reason: string }[];
  readonly bad_count: number;
}

/**
 * Takes in what a source tells after what is there. What is there already is left alone, so that a second import adds nothing; a line that cannot
 * be taken is counted and leaves the others as they are.
 * @throws StorageError when the database cannot be written: what was taken before stays
 */
export async function importLines(
  engine: Engine,
  source: AsyncIterable<ToldLine | UnusableLine>,
  { dry_run, progress, advice_rule = 'any' }: ImportOptions,
): Promise<Imported> {
  const importer = new Importer(engine, { is_dry: dry_run === true, advice_rule });
  for await (const batch of inBatches(source, ITEMS_A_TRANSACTION)) {
    await importer.take(batch);
    progress?.(importer.outcome.lines);
    await nextTurn();
  }
  return importer.outcome;
}

class Importer {
  readonly #engine: Engine;
  readonly #is_dry: boolean;
  readonly #taker: LineTaker;
  readonly #bad: { line: number; reason: string }[] = [];
  #counts = { lines: 0, added: 0, known: 0, bad_count: 0 };

  constructor(engine: Engine, { is_dry, advice_rule }: Pick<LineTakerOptions, 'advice_rule'> & { readonly is_dry: boolean }) {
    this.#engine = engine;
    this.#is_dry = is_dry;
    this.#taker = new LineTaker(engine, { recorded_text: engine.settings.recorded_text, is_dry, advice_rule });
  }

  get outcome(): Imported {
    return { ...this.#counts, bad: this.#bad };
  }

  /** All of the batch or, when the database fails, nothing. */
  async take(batch: readonly (ToldLine | UnusableLine)[]): Promise<void> {
    const before = { counts: this.#counts, bad: this.#bad.length };
    try {
      const transact = this.#is_dry ? this.#engine.read : this.#engine.write;
      await transact(async (trx) => {
        for (const item of batch) await this.#item(trx, item);
      });
    } catch (error) {
      this.#counts = before.counts;
      this.#bad.length = before.bad;
      this.#taker.clear();
      throw error;
    }
  }

  async #item(trx: Trx, item: ToldLine | UnusableLine): Promise<void> {
    this.#counts = { ...this.#counts, lines: Math.max(this.#counts.lines, item.line) };
    if ('problem' in item) return this.#complain(item.line, item.problem);
    for (const line of item.told) {
      try {
        const taken = await this.#taker.take(trx, line, item.id);
        if (taken !== 'told') this.#counts = { ...this.#counts, [taken]: this.#counts[taken] + 1 };
      } catch (error) {
        if (error instanceof StorageError || !(error instanceof Error) || isDriverError(error)) throw error;
        this.#complain(item.line, error.message);
      }
    }
  }

  #complain(line: number, problem: string): void {
    this.#counts = { ...this.#counts, bad_count: this.#counts.bad_count + 1 };
    if (this.#bad.length < BAD_LINES_SHOWN) this.#bad.push({ line, reason: inert(problem).slice(0, LONGEST_REASON) });
  }
}

/** Whether the database failed, and not the line. */
export function isDriverError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_');
}
