import type { CallEvent, CaptureEvent } from '../events.ts';
import { mcpToolName, toolName } from '../names.ts';
import { asArguments, asDuration, asId, asList, asRecord, asText, asTime, BoundedMap, contentText, type JsonObject } from './fields.ts';
import { answerOutcome } from './openai-outcome.ts';
import { callEvents } from './own-tools.ts';

const MOST_PENDING = 1000;
const MOST_DONE = 10_000;

interface Pending {
  readonly call_id: string | null;
  readonly tool_name: string;
  readonly arguments: JsonObject | null;
  readonly group_id: string | null;
}

/** The messages of one conversation, in their order, as events. */
export class OpenAiSession {
  readonly session_id: string;
  /** How often an id was used: some models number their calls anew in every message. */
  readonly #uses = new BoundedMap<number>(MOST_DONE);
  readonly #pending = new BoundedMap<Pending>(MOST_PENDING);
  #messages = 0;
  #unnamed = 0;
  #at_ms: number | null = null;
  /** The assistant spoke last, and called nothing: it was done. */
  #is_done = false;

  constructor(session_id: string) {
    this.session_id = session_id;
  }

  take(message: JsonObject): readonly CaptureEvent[] {
    this.#messages += 1;
    this.#at_ms = asTime(message['timestamp'] ?? message['created_at'] ?? message['created']) ?? this.#at_ms;
    switch (message['role'] ?? message['type']) {
      case 'user':
        return this.#user(message);
      case 'assistant':
        return this.#assistant(message);
      case 'tool':
      case 'function':
        return this.#answer(asId(message['tool_call_id']), asText(message['name']), message, message['content']);
      default:
        return this.#item(message);
    }
  }

  end(): readonly CaptureEvent[] {
    return [...this.#stop(), { kind: 'end', ...this.#seen() }];
  }

  #seen(): { readonly session_id: string; readonly at_ms: number | null } {
    return { session_id: this.session_id, at_ms: this.#at_ms };
  }

  #stop(): readonly CaptureEvent[] {
    const events = this.#is_done ? [{ kind: 'stop', ...this.#seen(), status: 'completed' } as const] : [];
    this.#is_done = false;
    return events;
  }

  #user(message: JsonObject): readonly CaptureEvent[] {
    const { content } = message;
    const results = asList(content).flatMap((block) => {
      const result = asRecord(block);
      return result?.['type'] === 'tool_result' ? this.#answer(asId(result['tool_use_id']), null, result, result['content']) : [];
    });
    const text = contentText(content);
    if (results.length > 0 && text === null) return results;
    return [...results, ...this.#stop(), { kind: 'prompt', ...this.#seen(), turn_id: null, text }];
  }

  #assistant(message: JsonObject): readonly CaptureEvent[] {
    const blocks = asList(message['content']).map(asRecord);
    const calls = [...asList(message['tool_calls']).map(asRecord), ...blocks.filter((block) => block?.['type'] === 'tool_use')];
    const legacy = asRecord(message['function_call']);
    const all = [...calls, legacy].filter((call) => call !== null);
    this.#is_done = all.length === 0;
    for (const call of all) this.#begin(call, all.length > 1 ? `message-${this.#messages}` : null);
    return [];
  }

  /** An item of the Responses API. */
  #item(item: JsonObject): readonly CaptureEvent[] {
    const type = asText(item['type']) ?? '';
    if (type === 'message') return item['role'] === undefined ? this.#assistant(item) : [];
    if (/_output$/.test(type)) return this.#answer(asId(item['call_id']), null, item, item['output']);
    if (!/_call$/.test(type)) return [];
    this.#is_done = false;
    if (type === 'function_call' || type === 'custom_tool_call') this.#begin(item, null);
    else return this.#hosted(type.replace(/_call$/, ''), item);
    return [];
  }

  #begin(call: JsonObject, group_id: string | null): void {
    const called = asRecord(call['function']) ?? asRecord(call['custom']) ?? call;
    const name = asText(called['name']);
    if (name === null) return;
    const call_id = asId(call['call_id']) ?? asId(call['id']);
    const uses = call_id === null ? 0 : (this.#uses.get(call_id) ?? 0);
    if (call_id !== null) this.#uses.set(call_id, uses + 1);
    const pending = {
      call_id: uses === 0 ? call_id : `${call_id}#${uses + 1}`,
      tool_name: toolName(name),
      arguments: asArguments(called['arguments'] ?? called['input']),
      group_id,
    };
    this.#unnamed += 1;
    this.#pending.set(call_id ?? `unnamed ${this.#unnamed}`, pending);
  }

  /** A tool that the service ran itself: what it was asked and what it answered is one item. */
  #hosted(name: string, item: JsonObject): readonly CaptureEvent[] {
    const server = asText(item['server_label']);
    const tool = asText(item['name']);
    const tool_name = server !== null && tool !== null ? mcpToolName(server, tool) : toolName(tool ?? name);
    const args = asArguments(item['arguments'] ?? item['action'] ?? item['queries']);
    return this.#call({ call_id: asId(item['id']), tool_name, arguments: args, group_id: null }, item, item['output'] ?? item['error']);
  }

  /** An answer without an id belongs to the oldest open call of its name, or of any. */
  #answer(id: string | null, name: string | null, message: JsonObject, answer: unknown): readonly CaptureEvent[] {
    const key = id !== null && this.#pending.has(id) ? id : id === null ? this.#oldest(name) : null;
    const pending = key === null ? undefined : this.#pending.take(key);
    this.#is_done = false;
    return pending === undefined ? [] : this.#call(pending, message, answer);
  }

  #oldest(name: string | null): string | null {
    const found = this.#pending.entries().find(([, { tool_name }]) => name === null || tool_name === toolName(name));
    return found?.[0] ?? null;
  }

  #call(pending: Pending, message: JsonObject, answer: unknown): readonly CaptureEvent[] {
    const { success, text } = answerOutcome(message, answer);
    const call: CallEvent = {
      kind: 'call',
      ...this.#seen(),
      ...pending,
      turn_id: null,
      success,
      was_denied: false,
      execution_time_ms: asDuration(message['execution_time_ms']) ?? asDuration(message['duration_ms']),
      result: success ? text : null,
      error_message: success ? null : text,
    };
    return callEvents(call, answer);
  }
}
