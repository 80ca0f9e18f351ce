interface Waiting {
  readonly begin: () => void;
  readonly giveUp: (error: unknown) => void;
  readonly hasWaitedTooLong: () => boolean;
}

const NEVER = () => false;

/** Lets one piece of work run at a time, in the order of asking. */
export class Turns {
  #waiting: Waiting[] = [];
  #is_taken = false;

  /** Runs `work` when all that was asked for before has ended. @param hasWaitedTooLong asked by {@link Turns.sendAway} while `work` waits */
  async take<T>(work: () => Promise<T>, hasWaitedTooLong: () => boolean = NEVER): Promise<T> {
    if (this.#is_taken) await new Promise<void>((begin, giveUp) => this.#waiting.push({ begin, giveUp, hasWaitedTooLong }));
    this.#is_taken = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#is_taken = false;
      else next.begin(); // the turn passes on: nobody who asks meanwhile may come in between
    }
  }

  /** Ends the waiting of those who have waited too long; their `take` rejects with `error`. */
  sendAway(error: unknown): void {
    const tired = this.#waiting.filter((each) => each.hasWaitedTooLong());
    if (tired.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !tired.includes(each));
    for (const { giveUp } of tired) giveUp(error);
  }
}
