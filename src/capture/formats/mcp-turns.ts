/** A pause between calls after which the user has probably asked for something else, milliseconds. */
export const TURN_PAUSE_MS = 600_000;

/** Of so many conversations the turns are counted; who is not seen for long begins anew. */
const MOST_SESSIONS = 1000;

interface Counted {
  readonly turn: number;
  readonly last_ms: number;
}

/** Counts turns where nobody tells them: a pause of `TURN_PAUSE_MS` without a call of the conversation begins the next. */
export class PauseTurns {
  readonly #sessions = new Map<string, Counted>();

  /** A call begins. @param now_ms of a clock that only goes forward @returns the number of its turn, from 1 */
  turnOf(session_id: string, now_ms: number): number {
    const before = this.#sessions.get(session_id);
    const isNext = before === undefined || now_ms - before.last_ms >= TURN_PAUSE_MS;
    const turn = (before?.turn ?? 0) + (isNext ? 1 : 0);
    this.#remember(session_id, { turn, last_ms: now_ms });
    return turn;
  }

  /** A call has ended: until now there was no pause. */
  ended(session_id: string, now_ms: number): void {
    const before = this.#sessions.get(session_id);
    if (before !== undefined) this.#remember(session_id, { ...before, last_ms: now_ms });
  }

  #remember(session_id: string, counted: Counted): void {
    this.#sessions.delete(session_id);
    this.#sessions.set(session_id, counted);
    if (this.#sessions.size > MOST_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value ?? session_id);
  }
}
