/** Milliseconds between two lines, so that a terminal is not flooded. */
const INTERVAL_MS = 100;

/**
 * "1,200 of 10,000 calls, 950 a second, 9 s left".
 * @param total null: not known
 * @param elapsed_ms since the start
 * @param noun what is counted, plural
 */
export function progressText(done: number, total: number | null, elapsed_ms: number, noun: string): string {
  const a_second = (1000 * done) / Math.max(1, elapsed_ms);
  const counts = total === null ? done.toLocaleString('en') : `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  const left = done === 0 || total === null ? '' : `, ${Math.ceil((total - done) / a_second)} s left`;
  return `${counts} ${noun}, ${Math.round(a_second).toLocaleString('en')} a second${left}`;
}

const BAR_WIDTH = 24;

/** `[======            ]`, or nothing where the total is not known. */
export function progressBar(done: number, total: number | null): string {
  if (total === null || total <= 0) return '';
  const filled = Math.min(BAR_WIDTH, Math.floor((BAR_WIDTH * done) / total));
  return `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}] `;
}

/** One line on a terminal that says how far the work is. */
export class ProgressLine {
  readonly #noun: string;
  readonly #write: (text: string) => void;
  readonly #clock: () => number;
  readonly #start: number;
  readonly #has_bar: boolean;
  #told_at = Number.NEGATIVE_INFINITY;

  /** @param noun what is counted, plural @param write takes text as it is @param clock epoch milliseconds */
  constructor(noun: string, write: (text: string) => void, clock: () => number, has_bar = false) {
    this.#has_bar = has_bar;
    this.#noun = noun;
    this.#write = write;
    this.#clock = clock;
    this.#start = clock();
  }

  /** @param total null: not known */
  tell(done: number, total: number | null): void {
    const now = this.#clock();
    if (now - this.#told_at < INTERVAL_MS && done !== total) return;
    this.#told_at = now;
    const bar = this.#has_bar ? progressBar(done, total) : '';
    this.#write(`\r\u001b[K${bar}${progressText(done, total, now - this.#start, this.#noun)}`);
  }

  clear(): void {
    this.#write('\r\u001b[K');
  }
}
