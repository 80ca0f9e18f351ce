import type { Outcome } from '../core/types.ts';
import type { EntryLine } from '../engine/journal/lines.ts';
import type { CallEvent, SessionEvent } from './events.ts';
import { keptEvent } from './kept-event.ts';
import { episodeLine, executionLine } from './turn-lines.ts';
import { type TurnCall, type TurnEnd, turnOutcome } from './turn-outcome.ts';

/** A unique id that is a function of its parts: 32 characters of the contract's labels. */
export type IdOf = (...parts: readonly (string | number)[]) => string;

/** What is known of a session between two events; JSON. */
export interface SavedTurns {
  readonly turn_id: string | null;
  readonly query: string | null;
  /** Advice that the next call is joined to. */
  readonly advice: string | null;
  readonly judged: Outcome | null;
  readonly calls: readonly TurnCall[];
  /** Calls that began and are not over. */
  readonly started: readonly string[];
  /** Arguments of the last call, JSON. */
  readonly last_arguments: string | null;
  /** Of the last event that had a time, epoch milliseconds. */
  readonly last_at_ms: number | null;
  /** Turns that began so far, and episodes told of this one. */
  readonly turn_count: number;
  readonly part_count: number;
  /** The turns before: calls of theirs may come late. */
  readonly earlier: readonly { readonly turn_id: string; readonly query: string | null }[];
  /** Calls told of late: another source may tell them again. */
  readonly told: readonly string[];
}

const NOTHING: SavedTurns = Object.freeze({
  turn_id: null,
  query: null,
  advice: null,
  judged: null,
  calls: [],
  started: [],
  last_arguments: null,
  last_at_ms: null,
  turn_count: 0,
  part_count: 0,
  earlier: [],
  told: [],
});

/** A turn of more calls is told in parts. */
const MOST_CALLS = 1000;
const MOST_STARTED = 100;
const MOST_EARLIER = 8;
const MOST_TOLD = 200;
/** Claude Code's ids are unique everywhere; those of others may be numbers. */
const UNIQUE_ID = /^toolu_[A-Za-z0-9_-]{16,100}$/;

/** One session: turns its events into lines, in their order. */
export class SessionTurns {
  readonly #session_id: string;
  readonly #idOf: IdOf;
  #now: { -readonly [Key in keyof SavedTurns]: SavedTurns[Key] };

  constructor(session_id: string, idOf: IdOf, saved: SavedTurns = NOTHING) {
    this.#session_id = session_id;
    this.#idOf = idOf;
    this.#now = { ...saved };
  }

  /** Where it stands. */
  save(): SavedTurns {
    return this.#now;
  }

  take(event: SessionEvent): readonly EntryLine[] {
    this.#now.last_at_ms = event.at_ms ?? this.#now.last_at_ms;
    switch (event.kind) {
      case 'prompt':
        return this.#prompt(event.turn_id, event.text);
      case 'call':
        return this.#call(keptEvent(event, 'full') as CallEvent);
      case 'stop':
        return this.#over(event.status);
      case 'end':
        return this.#over(this.#end());
      default:
        this.#note(event);
        return [];
    }
  }

  #note(event: Exclude<SessionEvent, { readonly kind: 'prompt' | 'call' | 'stop' | 'end' }>): void {
    if (event.kind === 'advice') this.#now.advice = event.recommendation_id;
    if (event.kind === 'judged') this.#now.judged = event.outcome;
    if (event.kind === 'start') this.#now.started = [...this.#now.started, event.call_id].slice(-MOST_STARTED);
    if (event.kind !== 'group') return;
    const ids = new Set(event.call_ids.map((id) => this.#executionId(id)));
    const group_id = event.call_ids.join();
    this.#now.calls = this.#now.calls.map((call) => (ids.has(call.execution_id) ? { ...call, group_id } : call));
  }

  /** The same turn may be announced more than once: it goes on. */
  #prompt(turn_id: string | null, text: string | null): readonly EntryLine[] {
    const goes_on = turn_id !== null && turn_id === this.#now.turn_id;
    const lines = goes_on ? [] : this.#over(this.#end());
    if (!goes_on) this.#begin(turn_id);
    this.#now.query = text ?? (goes_on ? this.#now.query : null);
    return lines;
  }

  #begin(turn_id: string | null): void {
    const { turn_id: before, query, turn_count, earlier, told, last_at_ms } = this.#now;
    const passed = before === null ? earlier : [...earlier, { turn_id: before, query }].slice(-MOST_EARLIER);
    this.#now = { ...NOTHING, turn_id, turn_count: turn_count + 1, earlier: passed, told, last_at_ms };
  }

  #call(event: CallEvent): readonly EntryLine[] {
    const args = event.arguments === null ? null : JSON.stringify(event.arguments);
    const late = this.#now.earlier.find(({ turn_id }) => turn_id === event.turn_id);
    if (late !== undefined && late.turn_id !== this.#now.turn_id) return this.#told(event, args, { query: late.query, advice: null });
    const is_next_turn = event.turn_id !== null && event.turn_id !== this.#now.turn_id;
    const lines = is_next_turn ? this.#prompt(event.turn_id, this.#now.turn_id === null ? this.#now.query : null) : [];
    const told = this.#told(event, args, this.#now);
    const [line] = told;
    if (line?.kind === 'execution') this.#count(event, line.execution_id ?? '', args);
    const full = this.#now.calls.length >= MOST_CALLS ? this.#over('left') : [];
    return [...lines, ...told, ...full];
  }

  /** The line of a call, unless another source has told it. */
  #told(event: CallEvent, args: string | null, { query, advice }: Pick<SavedTurns, 'query' | 'advice'>): readonly EntryLine[] {
    const execution_id = event.call_id === null ? this.#idOfUnnamed(event, args) : this.#executionId(event.call_id);
    if (this.#now.told.includes(execution_id)) return [];
    this.#now.told = [...this.#now.told, execution_id].slice(-MOST_TOLD);
    return [executionLine(event, { session_id: this.#session_id, execution_id, query, args, advice })];
  }

  #count(event: CallEvent, execution_id: string, args: string | null): void {
    const { calls, last_arguments, started } = this.#now;
    const last = calls.at(-1);
    const { tool_name, success, was_denied, group_id } = event;
    const is_alone = group_id === null || group_id !== last?.group_id;
    const is_retry = is_alone && last?.tool_name === tool_name && (!last.success || (args !== null && last_arguments === args));
    this.#now.calls = [...calls, { execution_id, tool_name, success: success && !was_denied, was_denied, is_retry, group_id }];
    this.#now.started = started.filter((id) => id !== event.call_id);
    this.#now.last_arguments = args;
    this.#now.advice = null;
  }

  /** How a turn ends that nobody ended: what still runs was given up. */
  #end(): TurnEnd {
    return this.#now.started.length > 0 ? 'aborted' : 'left';
  }

  /** Tells the calls since the last episode as one. */
  #over(end: TurnEnd): readonly EntryLine[] {
    const { calls, judged, turn_id, turn_count, last_at_ms } = this.#now;
    const [first] = calls;
    this.#now = { ...this.#now, calls: [], started: [], judged: null, last_arguments: null, part_count: this.#now.part_count + 1 };
    if (first === undefined) return [];
    const { outcome, confidence } = judged === null ? turnOutcome({ calls, end }) : { outcome: judged, confidence: 1 };
    const session_id = this.#session_id;
    const episode_id = `turn-${this.#idOf(session_id, turn_id ?? turn_count, first.execution_id)}`;
    return [episodeLine(calls, { session_id, episode_id, at_ms: last_at_ms, outcome, confidence })];
  }

  #executionId(call_id: string): string {
    return UNIQUE_ID.test(call_id) ? call_id : `call-${this.#idOf(this.#session_id, call_id)}`;
  }

  /** What the call says of itself, and how many equal ones came before it in the turn. */
  #idOfUnnamed({ tool_name, at_ms }: CallEvent, args: string | null): string {
    const { turn_id, turn_count, part_count, query } = this.#now;
    const said = [this.#session_id, turn_id ?? turn_count, query ?? '', tool_name, args ?? '', at_ms ?? ''];
    for (let equal = 0; ; equal++) {
      const id = `call-${this.#idOf(...said, part_count, equal)}`;
      if (!this.#now.calls.some(({ execution_id }) => execution_id === id)) return id;
    }
  }
}
