import type { CallEvent } from '../events.ts';
import { mcpToolName, toolName } from '../names.ts';
import { isRecord } from '../outcome.ts';
import { placeInMeta } from './mcp-meta.ts';
import { PauseTurns } from './mcp-turns.ts';

/** When something was seen. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly at_ms: number;
  /** Milliseconds of a clock that only goes forward, for durations. */
  readonly now_ms: number;
}

export interface McpConnection {
  /** Unique; in ids that nothing else gives. */
  readonly id: string;
  /** The server's name in the client's configuration; null: unknown, tools keep their own names. */
  readonly server: string | null;
  /** Of calls that name no conversation themselves. */
  readonly session_id: string;
  /** Whether another source (a hook, a transcript) tells the turns of that session. */
  readonly has_told_turns: boolean;
  /** What is held of arguments until the answer comes; done at the call, when nobody waits for it. Default: all. */
  readonly keepArguments?: (given: Arguments) => Arguments | null;
}

type Arguments = Readonly<Record<string, unknown>>;

/** Calls that began while none of them had ended. */
interface Group {
  readonly id: string;
  size: number;
  hasEnded: boolean;
}

/** A call that has no answer yet. */
export interface McpCall extends Pick<CallEvent, 'session_id' | 'turn_id' | 'tool_name' | 'arguments'> {
  readonly call_id: string;
  /** The name on the wire, without the server's. */
  readonly wire_name: string;
  readonly began_ms: number;
  readonly held_bytes: number;
  readonly group: Group;
  /** Whether its conversation goes on when this connection ends: another source tells of it. */
  readonly has_told_turns: boolean;
}

/** Arguments of calls under way are not held beyond this, bytes of their lines. */
const MOST_HELD_BYTES = 16_777_216;

/** The calls of a connection that are under way: where each belongs, and which ran side by side. */
export class McpCalls {
  readonly #connection: McpConnection;
  readonly #turns = new PauseTurns();
  #group: Group = { id: '', size: 0, hasEnded: true };
  #count = 0;
  #underWay = 0;
  #heldBytes = 0;

  constructor(connection: McpConnection) {
    this.#connection = connection;
  }

  /** @param params of `tools/call` @param bytes of its line; null: too long to be held */
  begin(wire_name: string, params: Readonly<Record<string, unknown>>, bytes: number | null, { now_ms }: Moment): McpCall {
    const place = this.#placeOf(params['_meta']);
    this.#count += 1;
    const number = `${this.#connection.id}:${this.#count}`;
    if (this.#group.hasEnded || this.#underWay === 0) this.#group = { id: number, size: 0, hasEnded: false };
    this.#group.size += 1;
    this.#underWay += 1;
    const held_bytes = bytes !== null && this.#heldBytes + bytes <= MOST_HELD_BYTES ? bytes : 0;
    this.#heldBytes += held_bytes;
    return {
      session_id: place.session_id,
      turn_id: place.turn_id ?? (place.has_told_turns ? null : this.#countedTurn(place.session_id, now_ms)),
      call_id: place.call_id ?? number,
      tool_name: this.named(wire_name),
      wire_name,
      arguments: held_bytes > 0 && isRecord(params['arguments']) ? this.#kept(params['arguments']) : null,
      began_ms: now_ms,
      held_bytes,
      group: this.#group,
      has_told_turns: place.has_told_turns,
    };
  }

  /** It has ended, or nobody waits for it. */
  end({ group, held_bytes, session_id }: McpCall, { now_ms }: Moment): void {
    group.hasEnded = true;
    this.#underWay -= 1;
    this.#heldBytes -= held_bytes;
    this.#turns.ended(session_id, now_ms);
  }

  /** A tool's name as it is recorded. */
  named(tool: string): string {
    const { server } = this.#connection;
    return server === null ? toolName(tool) : mcpToolName(server, tool);
  }

  #kept(given: Arguments): Arguments | null {
    const { keepArguments } = this.#connection;
    return keepArguments === undefined ? given : keepArguments(given);
  }

  #placeOf(meta: unknown) {
    const told = placeInMeta(meta);
    if (told.session_id !== null) return { ...told, session_id: told.session_id };
    const { session_id, has_told_turns } = this.#connection;
    return { ...told, session_id, has_told_turns, turn_id: has_told_turns ? null : told.turn_id };
  }

  #countedTurn(session_id: string, now_ms: number): string {
    return `${this.#connection.id}:${this.#turns.turnOf(session_id, now_ms)}`;
  }
}
