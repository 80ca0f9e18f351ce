import { type NextToolSettings, type NgramCell, ngramsOf, outcomeSuccess, rankNext, updatedCell } from '../../src/core/sequence-model.ts';
import type { Outcome } from '../../src/core/types.ts';
import { REFERENCE } from './support.ts';

export interface LoggedEpisode {
  readonly tools: readonly string[];
  readonly reward: number;
  readonly outcome: Outcome;
}

interface Row {
  readonly run: readonly string[];
  readonly cell: NgramCell;
}

/** What the reference does: occurrences pass the gate, and a partial success counts as none. */
export const REFERENCE_GATE = Object.freeze({ min_episodes: 2, counted: 'occurrences', partial_credit: REFERENCE.partial_credit });

export type Gate = Pick<NextToolSettings, 'min_episodes'> &
  Required<Pick<NextToolSettings, 'counted'>> & { readonly partial_credit: number };

/** An n-gram table in memory, keyed by tuples, driven through the public functions of the core. */
export class NgramTable {
  readonly #rows = new Map<string, Row>();
  readonly #gate: Gate;

  constructor(gate: Gate = REFERENCE_GATE) {
    this.#gate = gate;
  }

  /** Credits each run with the reward divided by the episode's length, as the reference does. */
  log(episode: LoggedEpisode): void {
    const credit = episode.reward / episode.tools.length;
    const success = outcomeSuccess(episode.outcome, this.#gate.partial_credit);
    for (const { prefix, next, occurrences } of ngramsOf(episode.tools, REFERENCE.ngram_length)) {
      const run = [...prefix, next];
      const key = JSON.stringify(run);
      this.#rows.set(key, { run, cell: updatedCell(this.#rows.get(key)?.cell ?? null, { occurrences, credit, success }) });
    }
  }

  /** In the order in which the rows came to be. */
  table(): (readonly [run: readonly string[], count: number, avg_reward: number, success_rate: number])[] {
    return [...this.#rows.values()].map(({ run, cell }) => [run, cell.occurrence_count, cell.avg_reward, cell.success_rate]);
  }

  next(recent_tools: readonly string[], available: readonly string[] | null) {
    const lengths = [1, 2].filter((length) => length <= recent_tools.length);
    const prefixes = lengths.map((prefix_length) => ({ prefix_length, rows: this.#followers(recent_tools.slice(-prefix_length)) }));
    const { min_episodes, counted } = this.#gate;
    const ranked = rankNext(prefixes, available, { min_episodes, counted, recent_tools });
    return ranked.map(({ tool_name, sequence_score, reason }) => ({ tool_name, sequence_score, reason }));
  }

  #followers(prefix: readonly string[]) {
    const key = JSON.stringify(prefix);
    const rows = [...this.#rows.values()].filter(({ run }) => JSON.stringify(run.slice(0, -1)) === key);
    return rows.map(({ run, cell }) => ({ tool_name: run.at(-1) ?? '', cell }));
  }
}
