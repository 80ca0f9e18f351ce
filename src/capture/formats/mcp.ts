import type { CaptureEvent } from '../events.ts';
import { mcpToolName } from '../names.ts';
import { isRecord } from '../outcome.ts';
import { answerOf, type McpAnswer, taskStatusOf } from './mcp-answer.ts';
import { type McpCall, McpCalls, type McpConnection, type Moment } from './mcp-calls.ts';
import { McpCatalogue } from './mcp-catalogue.ts';
import { META_FIELDS } from './mcp-meta.ts';
import { PendingRequests } from './mcp-pending.ts';
import { callEvents } from './own-tools.ts';

/** One line of one side: a message, or an array of them. */
export interface SeenMessage {
  readonly message: unknown;
  /** The line was long: of its fields only `MESSAGE_FIELDS` were read, and no arrays. */
  readonly is_cut: boolean;
  /** Size of the line. */
  readonly bytes: number;
}

/** The only fields that are read of a line too long to be held. */
export const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  ...['id', 'method', 'params', 'result', 'error', 'name', '_meta', 'requestId', 'taskId', 'message', 'task', 'status', 'statusMessage'],
  ...['resultType', 'isError', 'is_error', 'toolResult', 'structuredContent', 'serverInfo'],
  ...META_FIELDS,
]);

const MOST_SESSIONS = 1000;
const MOST_TASKS = 10_000;

const UNANSWERED: McpAnswer = Object.freeze({ kind: 'outcome', success: false, error_message: 'the server ended before it answered' });

type Fields = Readonly<Record<string, unknown>>;

type Asked =
  | { readonly kind: 'greeting' | 'list' }
  | { readonly kind: 'call'; readonly call: McpCall }
  | { readonly kind: 'task'; readonly method: 'tasks/get' | 'tasks/result'; readonly task_id: string };

/** Turns the messages of one MCP connection into events. Pure: time is handed in. Specification: Model Context Protocol, 2024-11-05 to 2026-07-28. */
export class McpRecorder {
  readonly #calls: McpCalls;
  readonly #pending = new PendingRequests<Asked>();
  readonly #catalogue = new McpCatalogue();
  readonly #tasks = new Map<string, McpCall>();
  readonly #sessions = new Set<string>();
  #isOwn = false;

  constructor(connection: McpConnection) {
    this.#calls = new McpCalls(connection);
  }

  /** Whether the next answer of the server may be of interest. */
  get isWaiting(): boolean {
    return this.#pending.size > 0;
  }

  /** The client sent this. It teaches nothing yet. */
  clientSent({ message, is_cut, bytes }: SeenMessage, moment: Moment): void {
    const messages: readonly unknown[] = Array.isArray(message) ? message : [message];
    for (const one of messages) if (isRecord(one)) this.#sent(one, is_cut ? null : bytes / messages.length, moment);
  }

  /** The server sent this. @returns what it teaches; to be kept before the client can see it */
  serverSent({ message, is_cut }: SeenMessage, moment: Moment): CaptureEvent[] {
    const messages: readonly unknown[] = Array.isArray(message) ? message : [message];
    // A message with a method is a request or a notification of the server, with ids of its own.
    return messages.flatMap((one) => (isRecord(one) && typeof one['method'] !== 'string' ? this.#answered(one, is_cut, moment) : []));
  }

  /** The server has ended, with the client still there: the calls that wait for it have failed. @returns what that teaches */
  serverEnded(moment: Moment): CaptureEvent[] {
    return this.#pending.takeAll().flatMap((asked) => {
      if (asked.kind !== 'call') return [];
      this.#calls.end(asked.call, moment);
      return this.#concluded(asked.call, UNANSWERED, undefined, moment);
    });
  }

  /** The connection is over, and with it the sessions that nobody else tells of. */
  ended({ at_ms }: Moment): CaptureEvent[] {
    return [...this.#sessions].map((session_id) => ({ kind: 'end', session_id, at_ms }));
  }

  #sent(message: Fields, bytes: number | null, moment: Moment): void {
    const { id, method } = message;
    const params = isRecord(message['params']) ? message['params'] : {};
    const { name, taskId: task_id, requestId } = params;
    if (method === 'notifications/cancelled') this.#pending.cancel(requestId);
    else if (method === 'initialize' || method === 'server/discover') this.#pending.add(id, { kind: 'greeting' });
    else if (method === 'tools/list') this.#pending.add(id, { kind: 'list' });
    else if (method === 'tools/call' && typeof name === 'string') this.#called(id, this.#calls.begin(name, params, bytes, moment), moment);
    else if ((method === 'tasks/get' || method === 'tasks/result') && typeof task_id === 'string')
      this.#pending.add(id, { kind: 'task', method, task_id });
  }

  #called(id: unknown, call: McpCall, moment: Moment): void {
    if (!this.#pending.add(id, { kind: 'call', call })) this.#calls.end(call, moment);
  }

  #answered(message: Fields, is_cut: boolean, moment: Moment): readonly CaptureEvent[] {
    const asked = this.#pending.take(message['id']);
    const { result } = message;
    switch (asked?.kind) {
      case 'greeting':
        this.#isOwn = isOwnServer(result);
        return [];
      case 'list':
        return this.#isOwn ? [] : this.#catalogue.eventsOf(result, (name) => this.#calls.named(name), moment.at_ms);
      case 'call':
        this.#calls.end(asked.call, moment);
        return this.#concluded(asked.call, answerOf(message, is_cut), result, moment);
      case 'task':
        return this.#taskAnswered(
          asked.task_id,
          asked.method === 'tasks/get' ? taskStatusOf(message, is_cut) : answerOf(message, is_cut),
          result,
          moment,
        );
      default:
        return [];
    }
  }

  #taskAnswered(task_id: string, answer: McpAnswer | null, result: unknown, moment: Moment): readonly CaptureEvent[] {
    const call = this.#tasks.get(task_id);
    if (call === undefined || answer === null) return [];
    this.#tasks.delete(task_id);
    return this.#concluded(call, answer, result, moment);
  }

  #concluded(call: McpCall, answer: McpAnswer, answered: unknown, { at_ms, now_ms }: Moment): readonly CaptureEvent[] {
    if (answer.kind === 'task' && this.#tasks.size < MOST_TASKS) this.#tasks.set(answer.task_id, call);
    if (answer.kind !== 'outcome') return [];
    const { session_id, call_id, turn_id, wire_name, began_ms, group } = call;
    if (!call.has_told_turns && this.#sessions.size < MOST_SESSIONS) this.#sessions.add(session_id);
    const { success, error_message } = answer;
    const tool_name = this.#isOwn ? mcpToolName('toolwise', wire_name) : call.tool_name;
    const execution_time_ms = Math.max(0, now_ms - began_ms);
    const group_id = group.size > 1 ? group.id : null;
    const seen = { session_id, at_ms, call_id, turn_id, tool_name, success, was_denied: false, execution_time_ms };
    return callEvents({ kind: 'call', ...seen, arguments: call.arguments, result: null, error_message, group_id }, answered);
  }
}

/** toolwise itself records what it is told; its own tools teach nothing. */
function isOwnServer(result: unknown): boolean {
  const server = isRecord(result) ? result['serverInfo'] : undefined;
  return isRecord(server) && server['name'] === 'toolwise';
}
