import type { EntryLine } from '../engine/journal/lines.ts';
import type { CaptureEvent, ToolEvent } from './events.ts';
import { keptEvent } from './kept-event.ts';
import { type IdOf, SessionTurns } from './session-turns.ts';

/** Sessions remembered at once; the one that was silent longest is over. */
const MOST_SESSIONS = 10_000;
/** A session that told something since may go on, milliseconds. */
const GOES_ON_MS = 3_600_000;

/** Turns the events of one source into lines, for whoever reads it from beginning to end. */
export class Turns {
  readonly #idOf: IdOf;
  readonly #sessions = new Map<string, SessionTurns>();

  constructor(idOf: IdOf) {
    this.#idOf = idOf;
  }

  take(event: CaptureEvent): readonly EntryLine[] {
    if (event.kind === 'tool') return [registrationOf(event)];
    const session = this.#sessions.get(event.session_id) ?? new SessionTurns(event.session_id, this.#idOf);
    this.#sessions.delete(event.session_id);
    if (event.kind !== 'end') this.#sessions.set(event.session_id, session);
    const lines = session.take(event);
    return this.#sessions.size > MOST_SESSIONS ? [...lines, ...this.#forgetOldest()] : lines;
  }

  /**
   * The source is at its end, and with it every session, but those that may go on: what they did of late is told when the source is read again.
   * @param now_ms epoch milliseconds
   */
  end(now_ms: number): readonly EntryLine[] {
    const over = [...this.#sessions].filter(([, session]) => !goesOn(session.save().last_at_ms, now_ms));
    this.#sessions.clear();
    return over.flatMap(([session_id, session]) => session.take({ kind: 'end', session_id, at_ms: null }));
  }

  #forgetOldest(): readonly EntryLine[] {
    const [oldest] = this.#sessions;
    if (oldest === undefined) return [];
    const [session_id, session] = oldest;
    this.#sessions.delete(session_id);
    return session.take({ kind: 'end', session_id, at_ms: null });
  }
}

/** A time that is still to come is a clock that goes wrong. */
function goesOn(last_at_ms: number | null, now_ms: number): boolean {
  return last_at_ms !== null && last_at_ms <= now_ms && now_ms - last_at_ms < GOES_ON_MS;
}

/** A tool that a server offers, as a line. */
export function registrationOf(event: ToolEvent): EntryLine {
  const { at_ms, tool_name, description, input_schema } = keptEvent(event, 'full') as ToolEvent;
  return {
    kind: 'registration',
    at_ms: at_ms ?? undefined,
    tool_name,
    description,
    input_schema: input_schema === null ? null : JSON.stringify(input_schema),
  };
}
