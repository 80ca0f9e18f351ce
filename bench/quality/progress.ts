import { clearLine, cursorTo } from 'node:readline';

const REDRAW_MS = 200;
/** Without a terminal: a line each time so much of the work is done. */
const LINES = 20;

/** Tells a person on stderr what runs, how far all of it is and about how long it still takes. */
export class Progress {
  readonly #total: number;
  readonly #start_ms = performance.now();
  #done = 0;
  #drawn_ms = 0;

  /** @param total work in any unit, each about as long as another */
  constructor(total: number) {
    this.#total = total;
  }

  /** So much more is done, in the part that `label` names. */
  advance(work: number, label: string): void {
    const before = this.#done;
    this.#done += work;
    if (process.stderr.isTTY) this.#redraw(label);
    else if (this.#twentieth(before) < this.#twentieth(this.#done)) process.stderr.write(`${this.#line(label)}\n`);
  }

  /** Clears the line, for what is printed next. */
  clear(): void {
    if (!process.stderr.isTTY) return;
    cursorTo(process.stderr, 0);
    clearLine(process.stderr, 0);
  }

  /** Seconds since the start. */
  elapsed(): number {
    return (performance.now() - this.#start_ms) / 1_000;
  }

  #redraw(label: string): void {
    if (performance.now() - this.#drawn_ms < REDRAW_MS) return;
    this.#drawn_ms = performance.now();
    this.clear();
    process.stderr.write(this.#line(label));
  }

  #line(label: string): string {
    const left_s = (this.elapsed() * (this.#total - this.#done)) / this.#done;
    return `  ${String(Math.floor((100 * this.#done) / this.#total)).padStart(3)} %, about ${duration(left_s)} left: ${label}`;
  }

  #twentieth(done: number): number {
    return Math.floor((LINES * done) / this.#total);
  }
}

/** `45 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
