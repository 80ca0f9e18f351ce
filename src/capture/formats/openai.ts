import type { CaptureEvent, ToolEvent } from '../events.ts';
import { label, toolName } from '../names.ts';
import { asId, asList, asRecord, asText, BoundedMap, contentText, type JsonObject } from './fields.ts';
import { OpenAiSession } from './openai-session.ts';
import { type FormatReader, NOTHING, type ReaderOptions, type Taken, told, unusable } from './reader.ts';

/** Messages that come one by one, and UTF-16 units of their texts, that are kept until it is known what names their conversation. */
const MOST_HELD = 2000;
const MOST_HELD_TEXT = 8_000_000;
const MOST_TOOLS = 10_000;
const LISTS = ['messages', 'input', 'items', 'traj', 'trajectory', 'conversation', 'output', 'data'];
const IDS = ['session_id', 'conversation_id', 'thread_id', 'id', 'custom_id'];
/** They name a task, which may have been tried more than once. */
const TASKS = ['task_id', 'problem_id'];
const OUTCOMES = ['success', 'partial', 'failure'] as const;

/**
 * Lists of messages in the shape of OpenAI's chat completions (`tool_calls`, or the older `function_call`) or of the items of its Responses API:
 * a conversation `{messages, tools?}` or a bare list of messages per line or element, or one message per line. Source:
 * test/fixtures/openai/README.md.
 */
export class OpenAiReader implements FormatReader {
  readonly #options: ReaderOptions;
  readonly #tools = new BoundedMap<true>(MOST_TOOLS);
  /** Of the conversation whose messages come one by one. */
  #session: OpenAiSession | null = null;
  #held: JsonObject[] = [];
  #heldText = 0;
  #named: Record<string, unknown> = {};

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  take(value: unknown, key: string | null): Taken {
    if (Array.isArray(value)) return this.#list(value, key);
    const record = asRecord(value);
    if (key !== null && !LISTS.includes(key)) return this.#field(key, value);
    if (record === null) return unusable('it is neither a message nor a conversation: no object');
    if (isMessage(record)) return told(this.#loose(record));
    return key === null ? this.#conversation(record) : NOTHING;
  }

  end(): readonly CaptureEvent[] {
    const events = [...this.#release()];
    const session = this.#session;
    if (session !== null) events.push(...outcomeOf(this.#named, session.session_id), ...session.end());
    this.#session = null;
    this.#named = {};
    return events;
  }

  /** A bare list of messages is a conversation; a list of conversations is each of them. */
  #list(values: readonly unknown[], key: string | null): Taken {
    if (key === 'tools' || key === 'functions') return told(this.#offered(values));
    const messages = values.map(asRecord).filter((value) => value !== null);
    if (key !== null || messages.length === 0) return NOTHING;
    if (messages.some(isMessage)) return told(this.#whole({ messages }, messages));
    const taken = messages.map((value) => this.take(value, null));
    return { events: taken.flatMap(({ events }) => events), problem: taken.find(({ problem }) => problem !== null)?.problem ?? null };
  }

  #conversation(record: JsonObject): Taken {
    const inner = asRecord(record['body']) ?? asRecord(record['request']);
    const holder = LISTS.some((list) => Array.isArray(record[list])) ? record : (inner ?? record);
    const lists = LISTS.filter(
      (list) => Array.isArray(holder[list]) && (list !== 'data' || asList(holder[list]).map(asRecord).some(isItem)),
    );
    const messages = lists.flatMap((list) =>
      asList(holder[list])
        .map(asRecord)
        .filter((value) => value !== null),
    );
    if (lists.length === 0)
      return unusable(`it has neither messages nor a role; its fields are ${Object.keys(record).slice(0, 8).join(', ') || 'none'}`);
    const tools = this.#offered([...asList(holder['tools']), ...asList(holder['functions'])]);
    return told([...tools, ...this.#whole({ ...holder, ...record }, messages)]);
  }

  #whole(record: JsonObject, messages: readonly JsonObject[]): readonly CaptureEvent[] {
    const session_id = this.#sessionId(record, messages);
    const session = new OpenAiSession(session_id);
    return [...messages.flatMap((message) => session.take(message)), ...outcomeOf(record, session_id), ...session.end()];
  }

  /** A message on its own belongs to the conversation of the source; what names it may come before or after. */
  #loose(message: JsonObject): readonly CaptureEvent[] {
    if (this.#session !== null) return this.#session.take(message);
    this.#held.push(message);
    this.#heldText += contentText(message['content'] ?? message['output'])?.length ?? 0;
    return this.#held.length >= MOST_HELD || this.#heldText >= MOST_HELD_TEXT ? this.#release() : [];
  }

  #release(): readonly CaptureEvent[] {
    const held = this.#held;
    this.#held = [];
    this.#heldText = 0;
    if (held.length === 0) return [];
    const session = new OpenAiSession(this.#sessionId(this.#named, held));
    this.#session = session;
    return held.flatMap((message) => session.take(message));
  }

  #field(key: string, value: unknown): Taken {
    if ([...IDS, ...TASKS, 'trial', 'outcome'].includes(key)) this.#named[key] = value;
    return NOTHING;
  }

  #sessionId(named: JsonObject, messages: readonly JsonObject[]): string {
    const own = IDS.map((field) => asId(named[field])).find((id) => id !== null);
    if (own !== undefined && own !== null) return label(own);
    const task = TASKS.map((field) => asId(named[field])).find((id) => id !== null);
    const hash = this.#options.hash(JSON.stringify(messages)).slice(0, 16);
    return task === undefined || task === null ? label('openai', hash) : label('openai', task, asId(named['trial']) ?? hash);
  }

  #offered(tools: readonly unknown[]): readonly ToolEvent[] {
    return tools.flatMap((tool) => {
      const given = asRecord(tool);
      const described = asRecord(given?.['function']) ?? given;
      const name = asText(described?.['name']);
      if (described === null || name === null) return [];
      const description = asText(described['description']);
      const input_schema = asRecord(described['parameters'] ?? described['input_schema'] ?? described['inputSchema']);
      if (this.#tools.has(name)) return [];
      this.#tools.set(name, true);
      return [{ kind: 'tool', at_ms: null, tool_name: toolName(name), description, input_schema }];
    });
  }
}

/** What a whole conversation is said to have come to. */
function outcomeOf(record: JsonObject, session_id: string): readonly CaptureEvent[] {
  const outcome = OUTCOMES.find((known) => known === record['outcome']);
  return outcome === undefined ? [] : [{ kind: 'judged', session_id, at_ms: null, outcome }];
}

/** Whether it is a message of a chat, or an item of the Responses API. */
export function isMessage(value: JsonObject): boolean {
  return (typeof value['role'] === 'string' && !Array.isArray(value['messages'])) || isItem(value);
}

function isItem(value: JsonObject | null): boolean {
  const type = value?.['type'];
  return typeof type === 'string' && /^(?:message|reasoning|[a-z_]+_call(?:_output)?)$/.test(type);
}
