/** Milliseconds without a call after which it is quiet: longer than a client that calls without thinking takes, shorter than any that thinks. */
const QUIET_MS = 3;

/** Runs a task once it has not been asked for during a moment, and at the latest after so many askings. */
export class WhenQuiet {
  readonly #task: () => void;
  readonly #most: number;
  #asked = 0;
  #latest_at = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(task: () => void, most: number) {
    this.#task = task;
    this.#most = most;
  }

  ask(): void {
    this.#asked += 1;
    this.#latest_at = performance.now();
    this.#timer ??= setTimeout(() => this.#look(), QUIET_MS).unref();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#asked < this.#most && performance.now() - this.#latest_at < QUIET_MS) {
      this.#timer = setTimeout(() => this.#look(), QUIET_MS).unref();
      return;
    }
    this.#asked = 0;
    this.#task();
  }
}
