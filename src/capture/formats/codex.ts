import type { CallEvent, CaptureEvent } from '../events.ts';
import { label, mcpToolName, toolName } from '../names.ts';
import { type CodexOutcome, eventOutcome, outputOutcome } from './codex-outcome.ts';
import { codexPrompt } from './codex-prompt.ts';
import { asArguments, asId, asRecord, asText, asTime, BoundedMap, contentText, type JsonObject } from './fields.ts';
import { callEvents } from './own-tools.ts';
import { type FormatReader, NOTHING, type ReaderOptions, type Taken, told, unusable } from './reader.ts';

const MOST_PENDING = 1000;
const MOST_DONE = 10_000;
/** Longer than any built-in time-out: somebody was asked for leave and was not there. */
const LONGEST_BETWEEN_MS = 600_000;
const BEGIN = /_(call|call_begin|command_begin|apply_begin)$/;
const END = /_(call_end|command_end|apply_end)$/;

interface Pending {
  readonly tool_name: string;
  readonly arguments: JsonObject | null;
  /** Of the latest line about it, and of the first. */
  readonly at_ms: number | null;
  readonly began_ms: number | null;
  readonly group_id: string | null;
  /** As the events say it, which comes before or just after the output and knows more. */
  readonly event: CodexOutcome | null;
  readonly output: CodexOutcome | null;
  /** What it answered, for the tools of toolwise. */
  readonly answer: unknown;
}

/**
 * Rollouts of Codex: `~/.codex/sessions/YYYY/MM/DD/rollout-<time>-<id>.jsonl`, also the first ones without an envelope. A call is a
 * `function_call` and its output; `exec_command_end` and its like say better how it went. Source: test/fixtures/codex/README.md.
 */
export class CodexReader implements FormatReader {
  readonly #pending = new BoundedMap<Pending>(MOST_PENDING);
  readonly #done = new BoundedMap<true>(MOST_DONE);
  readonly #answeredIds = new Set<string>();
  #group: string | null = null;
  #session: string | null = null;
  #last_ms: number | null = null;
  readonly #fallback: string;
  #said: string | null = null;

  constructor({ fallback }: ReaderOptions) {
    this.#fallback = fallback;
  }

  take(value: unknown): Taken {
    const line = asRecord(value);
    if (line === null) return unusable('it is no line of a Codex rollout: no object');
    const payload = asRecord(line['payload']) ?? (line['payload'] === undefined ? line : null);
    if (payload === null) return unusable('its payload is no object');
    if (line['type'] === 'session_meta' || (line['type'] === undefined && line['record_type'] === undefined)) return this.#header(payload);
    const type = asText(payload['type']) ?? '';
    const at_ms = asTime(line['timestamp']);
    this.#last_ms = at_ms ?? this.#last_ms;
    const early = isAboutACall(type) ? [] : this.#answered();
    return told([...early, ...this.#item(type, payload, at_ms)]);
  }

  end(): readonly CaptureEvent[] {
    return [...this.#answered(), { kind: 'end', session_id: this.#label(), at_ms: this.#last_ms }];
  }

  #label(): string {
    return label('codex', this.#session ?? this.#fallback);
  }

  #header(payload: JsonObject): Taken {
    this.#session ??= asId(payload['id']) ?? asId(payload['session_id']);
    return this.#session === null ? unusable('it has no type, and is no header with the id of a session') : NOTHING;
  }

  #item(type: string, payload: JsonObject, at_ms: number | null): readonly CaptureEvent[] {
    const seen = { session_id: this.#label(), at_ms };
    switch (type) {
      case 'user_message':
        return this.#prompt(asText(payload['message']), seen);
      case 'message':
        return payload['role'] === 'user' ? this.#prompt(contentText(payload['content']), seen) : [];
      case 'task_complete':
      case 'turn_complete':
        return [{ kind: 'stop', ...seen, status: 'completed' }];
      case 'turn_aborted':
        return [{ kind: 'stop', ...seen, status: 'aborted' }];
      case 'error':
        return [{ kind: 'stop', ...seen, status: 'error' }];
      default:
        return this.#call(type, payload, at_ms);
    }
  }

  /** The same words come twice, as an event and as an item for the model. */
  #prompt(text: string | null, seen: { readonly session_id: string; readonly at_ms: number | null }): readonly CaptureEvent[] {
    const said = codexPrompt(text);
    if (said === null || said === this.#said) return [];
    this.#said = said;
    return [{ kind: 'prompt', ...seen, turn_id: null, text: said }];
  }

  #call(type: string, payload: JsonObject, at_ms: number | null): readonly CaptureEvent[] {
    const id = asId(payload['call_id']) ?? asId(payload['id']);
    if (/^(web_search|image_generation)_call$/.test(type)) return this.#emitted(id, this.#begun(id, type, payload, at_ms));
    if (id === null || this.#done.has(id) || payload['source'] === 'user_shell') return [];
    const pending = this.#pending.get(id);
    if (BEGIN.test(type)) {
      if (pending === undefined) this.#pending.set(id, this.#begun(id, type, payload, at_ms));
    } else if (END.test(type)) {
      const base = pending ?? this.#begun(id, type, payload, null);
      const answer = asRecord(payload['result'])?.['Ok'] ?? base.answer;
      this.#heard(id, { ...base, tool_name: mcpName(payload) ?? base.tool_name, at_ms, event: eventOutcome(payload), answer });
    } else if (/_output$/.test(type) && pending !== undefined) {
      this.#heard(id, { ...pending, at_ms, output: outputOutcome(payload), answer: pending.answer ?? payload['output'] });
    }
    return [];
  }

  /** Calls that begin before any other is answered run side by side. */
  #begun(id: string | null, type: string, payload: JsonObject, at_ms: number | null): Pending {
    this.#group ??= id;
    return { ...begun(type, payload), at_ms, began_ms: at_ms, group_id: this.#group, event: null, output: null, answer: null };
  }

  #heard(id: string, pending: Pending): void {
    this.#pending.set(id, pending);
    this.#answeredIds.add(id);
    this.#group = null;
  }

  /** The calls whose answer is known, each once. */
  #answered(): readonly CaptureEvent[] {
    const ids = [...this.#answeredIds];
    this.#answeredIds.clear();
    return ids.flatMap((id) => {
      const pending = this.#pending.take(id);
      return pending === undefined ? [] : this.#emitted(id, pending);
    });
  }

  #emitted(id: string | null, pending: Pending): readonly CaptureEvent[] {
    if (id !== null) this.#done.set(id, true);
    this.#said = null;
    const { event, output, tool_name, at_ms } = pending;
    const success = event?.success ?? output?.success ?? true;
    const text = event?.text ?? output?.text ?? null;
    const was_denied = !success && (event?.was_denied === true || output?.was_denied === true);
    const call: CallEvent = {
      kind: 'call',
      session_id: this.#label(),
      at_ms,
      call_id: id,
      turn_id: null,
      tool_name,
      success,
      was_denied,
      execution_time_ms: was_denied ? null : (event?.execution_time_ms ?? output?.execution_time_ms ?? between(pending)),
      arguments: pending.arguments,
      result: success ? text : null,
      error_message: success ? null : (output?.text ?? text),
      group_id: pending.group_id,
    };
    return callEvents(call, pending.answer);
  }
}

/** Lines between a call and the last that is said about it. */
function isAboutACall(type: string): boolean {
  return END.test(type) || /_begin$|_output$/.test(type) || type === 'token_count';
}

/** Milliseconds from the call to its answer: an upper bound, since somebody may have been asked for leave. */
function between({ began_ms, at_ms }: Pending): number | null {
  const time = began_ms === null || at_ms === null ? -1 : at_ms - began_ms;
  return time > 0 && time <= LONGEST_BETWEEN_MS ? time : null;
}

function begun(type: string, payload: JsonObject): Pick<Pending, 'tool_name' | 'arguments'> {
  const input = payload['arguments'] ?? payload['input'] ?? payload['action'] ?? asRecord(payload['invocation'])?.['arguments'];
  const command = payload['command'] === undefined ? null : { command: payload['command'] };
  return { tool_name: nameOf(type, payload), arguments: asArguments(input) ?? command };
}

function nameOf(type: string, payload: JsonObject): string {
  const name = asText(payload['name']);
  const space = asText(payload['namespace'])?.replace(/_+$/, '') ?? '';
  if (name !== null) return toolName(space.startsWith('mcp__') ? `${space}__${name}` : name);
  if (type.startsWith('patch_apply')) return 'apply_patch';
  return mcpName(payload) ?? toolName(type.replace(/_call$|_begin$|_end$/, ''));
}

function mcpName(payload: JsonObject): string | null {
  const invocation = asRecord(payload['invocation']);
  const server = asText(invocation?.['server']);
  const tool = asText(invocation?.['tool']);
  return server === null || tool === null ? null : mcpToolName(server, tool);
}
