import type { CallEvent, CaptureEvent } from '../events.ts';
import { label, toolName } from '../names.ts';
import { callOutcome } from '../outcome.ts';
import { cameToNothing } from './claude-flags.ts';
import { userLine } from './claude-prompt.ts';
import { refusalIn } from './claude-refusals.ts';
import { asArguments, asDuration, asList, asRecord, asText, asTime, BoundedMap, contentText, type JsonObject } from './fields.ts';
import { callEvents } from './own-tools.ts';
import { type FormatReader, NOTHING, type ReaderOptions, type Taken, told, unusable } from './reader.ts';

const MOST_PENDING = 1000;
const MOST_DONE = 10_000;
/** Longer than any built-in time-out: somebody was asked for leave and was not there. */
const LONGEST_BETWEEN_MS = 600_000;
/** They wait for a person by their nature. */
const ASKING = new Set(['AskUserQuestion', 'ExitPlanMode']);
/** A call beside it failed first: it never ran. */
const CANCELLED = /^(?:<tool_use_error>)?Cancelled: parallel tool call/;

interface Pending {
  readonly tool_name: string;
  readonly arguments: JsonObject | null;
  readonly at_ms: number | null;
  readonly group_id: string | null;
}

/**
 * Transcripts of Claude Code: `~/.claude/projects/<project>/<session>.jsonl` and `…/<session>/subagents/agent-<id>.jsonl`. A `tool_use` block
 * of an assistant line and the `tool_result` block of a user line that names it are one call. Source: test/fixtures/claude-code/README.md.
 */
export class ClaudeCodeReader implements FormatReader {
  readonly #fallback: string;
  readonly #pending = new BoundedMap<Pending>(MOST_PENDING);
  readonly #done = new BoundedMap<true>(MOST_DONE);
  /** When each was last heard of. */
  readonly #sessions = new BoundedMap<number | null>(MOST_DONE);

  constructor({ fallback }: ReaderOptions) {
    this.#fallback = fallback;
  }

  take(value: unknown): Taken {
    const line = asRecord(value);
    if (line === null || typeof line['type'] !== 'string') return unusable('it is no line of a Claude Code transcript: it has no type');
    if (line['type'] !== 'user' && line['type'] !== 'assistant') return NOTHING;
    const message = asRecord(line['message']);
    if (message === null) return unusable(`the ${line['type']} line has no message`);
    return line['type'] === 'assistant' ? this.#assistant(line, message) : told(this.#user(line, message['content']));
  }

  /** Calls whose answer never came are dropped: nobody knows how they went. */
  end(): readonly CaptureEvent[] {
    return this.#sessions.entries().map(([session_id, at_ms]) => ({ kind: 'end', session_id, at_ms }));
  }

  #assistant(line: JsonObject, message: JsonObject): Taken {
    for (const block of asList(message['content'])) {
      const call = asRecord(block);
      const id = asText(call?.['id']);
      const name = asText(call?.['name']);
      if (call?.['type'] !== 'tool_use') continue;
      if (id === null || name === null) return unusable('a tool_use block has no id or no name');
      if (this.#done.has(id) || this.#pending.has(id)) continue;
      this.#pending.set(id, {
        tool_name: toolName(name),
        arguments: asArguments(call['input']),
        at_ms: asTime(line['timestamp']),
        group_id: asText(message['id']),
      });
    }
    return told(this.#stop(line, message));
  }

  #stop(line: JsonObject, message: JsonObject): readonly CaptureEvent[] {
    const failed = line['isApiErrorMessage'] === true;
    if (!failed && message['stop_reason'] !== 'end_turn') return [];
    return [{ kind: 'stop', ...this.#seen(line), status: failed ? 'error' : 'completed' }];
  }

  #user(line: JsonObject, content: unknown): readonly CaptureEvent[] {
    const results = asList(content)
      .map(asRecord)
      .filter((block) => block?.['type'] === 'tool_result');
    if (results.length > 0) return results.flatMap((block) => (block === null ? [] : this.#result(line, block, results.length)));
    if (line['toolUseResult'] !== undefined) return [];
    const said = userLine(line, content);
    if (said === null) return [];
    const stop = { kind: 'stop', ...this.#seen(line), status: 'aborted' } as const;
    if (said.kind === 'interruption') return [stop];
    const prompt = { kind: 'prompt', ...this.#seen(line), turn_id: asText(line['promptId']), text: said.text } as const;
    return said.interrupted ? [stop, prompt] : [prompt];
  }

  #result(line: JsonObject, block: JsonObject, siblings: number): readonly CaptureEvent[] {
    const id = asText(block['tool_use_id']);
    const pending = id === null ? undefined : this.#pending.take(id);
    if (id === null || pending === undefined) return [];
    this.#done.set(id, true);
    const outcome = callOutcome({ content: block['content'], is_error: block['is_error'] });
    // What stands beside the message is about its only result.
    const details = siblings === 1 ? line['toolUseResult'] : undefined;
    const said = outcome.text ?? contentText(details) ?? '';
    if (CANCELLED.test(said)) return [];
    const success = outcome.success && !cameToNothing(pending.tool_name, details);
    const was_denied = !success && [said, details].some(isRefusal);
    const call: CallEvent = {
      kind: 'call',
      ...this.#seen(line),
      ...pending,
      at_ms: asTime(line['timestamp']),
      call_id: id,
      turn_id: asText(line['promptId']),
      success,
      was_denied,
      execution_time_ms: was_denied ? null : duration(pending, line, asRecord(details)),
      result: success ? outcome.text : null,
      error_message: success ? null : said,
    };
    return callEvents(call, asRecord(details)?.['structuredContent'] ?? block['content']);
  }

  #seen(line: JsonObject): { readonly session_id: string; readonly at_ms: number | null } {
    const session = asText(line['sessionId']) ?? this.#fallback;
    const part = asText(line['agentId']) ?? (line['isSidechain'] === true ? 'sidechain' : null);
    const seen = { session_id: label('claude-code', session, part), at_ms: asTime(line['timestamp']) };
    this.#sessions.set(seen.session_id, seen.at_ms ?? this.#sessions.get(seen.session_id) ?? null);
    return seen;
  }
}

function isRefusal(text: unknown): boolean {
  return typeof text === 'string' && refusalIn(text)?.was_denied === true;
}

/**
 * Milliseconds: what the tool itself says (toolUseResult), else from the call to its result, which includes the time in which a person was asked
 * for leave: an upper bound.
 */
function duration(pending: Pending, line: JsonObject, details: JsonObject | null): number | null {
  const own = asDuration(details?.['durationMs']) ?? asDuration(details?.['totalDurationMs']) ?? asDuration(details?.['duration_ms']);
  if (own !== null) return own;
  const end = asTime(line['timestamp']);
  if (end === null || pending.at_ms === null || ASKING.has(pending.tool_name)) return null;
  const between = end - pending.at_ms;
  return between >= 0 && between <= LONGEST_BETWEEN_MS ? between : null;
}
