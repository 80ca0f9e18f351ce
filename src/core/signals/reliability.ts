import { Cells, type SavedCells } from '../cells.ts';
import { DEFAULTS } from '../hyperparameters.ts';
import type { Moment } from '../learner/moment.ts';
import { NEUTRAL_RATING } from '../reward.ts';
import { betaMean } from '../statistics.ts';
import type { Correction, Example, Signal } from './signal.ts';

/** Room for 2^12 tools. */
const BITS = 12;
const CALLS = 0;
const SUCCESSES = 1;
const RATED = 2;
/** Stars above or below 3. */
const STARS = 3;

/**
 * How well the tool works, whatever it is asked. Columns: ln of its success probability against that of an unknown tool, by the mean of its
 * Beta posterior; its mean rating above 3 stars, shrunk; ln(1 + failures in a row in this session).
 */
export class ReliabilitySignal implements Signal {
  readonly name = 'reliability';
  readonly columns = [
    { name: 'success', weight: 0.5, least: 0.25 },
    { name: 'rating', weight: 0.3, least: 0.15 },
    { name: 'failures_in_session', weight: 0 },
  ];
  readonly #cells = new Cells(BITS, 4);

  score(moment: Moment, rows: Float64Array, first: number, stride: number): void {
    for (const [at, { hash }] of moment.candidates.entries()) {
      const place = this.#cells.find(hash);
      const row = at * stride + first;
      const success = betaMean(
        this.#cells.at(place, SUCCESSES),
        this.#cells.at(place, CALLS),
        DEFAULTS.success_prior_mean,
        DEFAULTS.success_prior_strength,
      );
      rows[row] = Math.log(success / DEFAULTS.success_prior_mean);
      rows[row + 1] = this.#cells.at(place, STARS) / (this.#cells.at(place, RATED) + DEFAULTS.shrinkage);
      rows[row + 2] = Math.log(1 + (moment.usage.get(hash)?.failures_in_a_row ?? 0));
    }
  }

  learn({ moment, chosen, success, rating }: Example): void {
    const tool = moment.candidates[chosen]?.hash ?? 0;
    this.#add(tool, CALLS, 1);
    this.#add(tool, SUCCESSES, Number(success));
    if (rating !== null) this.#rate(tool, rating, null);
  }

  correct({ tool, rating, rating_before }: Correction): void {
    this.#rate(tool, rating, rating_before);
  }

  explain(moment: Moment, candidate: number): string | null {
    const place = this.#cells.find(moment.candidates[candidate]?.hash ?? 0);
    const calls = this.#cells.at(place, CALLS);
    return calls > 0 ? `succeeded ${this.#cells.at(place, SUCCESSES)} of ${calls} times` : null;
  }

  save(): SavedCells {
    return this.#cells.save();
  }

  load(saved: unknown): void {
    this.#cells.load(saved as SavedCells);
  }

  #rate(tool: number, rating: number, before: number | null): void {
    if (this.#cells.find(tool) < 0) return;
    this.#add(tool, RATED, before === null ? 1 : 0);
    this.#add(tool, STARS, rating - (before ?? NEUTRAL_RATING));
  }

  #add(tool: number, field: number, amount: number): void {
    this.#cells.write(tool, field, this.#cells.read(tool, field) + amount);
  }
}
