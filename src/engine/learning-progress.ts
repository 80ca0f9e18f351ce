import type { Logger } from './logger.ts';

/** Milliseconds of catching up after which a person should know why it takes long, and between two such messages from then on. */
const PATIENCE_MS = 2_000;
const PATIENCE_BETWEEN_MS = 15_000;

/** Says on stderr how far a long catch-up has come. */
export class LearningProgress {
  readonly #log: Logger;
  #next = performance.now() + PATIENCE_MS;

  constructor(log: Logger) {
    this.#log = log;
  }

  tell(position: number, head: number): void {
    if (position >= head || performance.now() < this.#next) return;
    this.#next = performance.now() + PATIENCE_BETWEEN_MS;
    this.#log.warn(`learning from the log: ${position} of ${head} events; recommendations wait for it`);
  }
}
