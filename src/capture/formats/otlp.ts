import type { CallEvent, CaptureEvent, ToolEvent } from '../events.ts';
import { label, toolName } from '../names.ts';
import { callOutcome } from '../outcome.ts';
import { asArguments, asDuration, asList, asRecord, asText, asTime, BoundedMap, type JsonObject, parsedJson } from './fields.ts';
import { ATTRIBUTES } from './otlp-names.ts';
import { named, type Span, spanOf } from './otlp-span.ts';
import { callEvents } from './own-tools.ts';
import { type FormatReader, type Taken, told, unusable } from './reader.ts';

/** Spans that are held back, to put them in order: exporters write a span when it ends, in any order. */
const MOST_HELD = 4096;
const MOST_REMEMBERED = 50_000;

/**
 * Spans in the encoding of OTLP/JSON that follow the GenAI and MCP conventions: requests with `resourceSpans`, one a line (the collector's file
 * exporter) or in one document, or single spans. Spans are put in the order of their start among 4096. Source: test/fixtures/otlp/README.md.
 */
export class OtlpReader implements FormatReader {
  #held: Span[] = [];
  /** Tool spans seen, by key: how the call that they are part of is named. */
  readonly #toolSpans = new BoundedMap<string>(MOST_REMEMBERED);
  readonly #conversations = new BoundedMap<string>(MOST_REMEMBERED);
  readonly #prompts = new BoundedMap<string>(MOST_REMEMBERED);
  readonly #sessions = new BoundedMap<number | null>(MOST_REMEMBERED);
  readonly #tools = new BoundedMap<true>(MOST_REMEMBERED);

  take(value: unknown): Taken {
    const found = spansIn(value);
    if (found === null) return unusable('it has neither resourceSpans nor a spanId');
    const spans = found.map(spanOf).filter((span) => span !== null);
    const events = spans.flatMap((span) => this.#hold(span));
    return spans.length < found.length && spans.length === 0 ? unusable('its spans have no spanId') : told(events);
  }

  end(): readonly CaptureEvent[] {
    const events = this.#flush(this.#held.length);
    const ends = this.#sessions.entries().map(([session_id, at_ms]) => ({ kind: 'end', session_id, at_ms }) as const);
    return [...events, ...ends];
  }

  #hold(span: Span): readonly CaptureEvent[] {
    if (span.conversation !== null) this.#conversations.set(span.trace_id, span.conversation);
    this.#held.push(span);
    return this.#held.length > MOST_HELD ? this.#flush(MOST_HELD / 2) : [];
  }

  /** Tells the earliest of what is held back. */
  #flush(count: number): readonly CaptureEvent[] {
    const spans = merged(this.#held, this.#toolSpans).sort((a, b) => moment(a) - moment(b));
    this.#held = spans.slice(count);
    return spans.slice(0, count).flatMap((span) => this.#eventsOf(span));
  }

  #eventsOf(span: Span): readonly CaptureEvent[] {
    const session = span.conversation ?? this.#conversations.get(span.trace_id) ?? span.mcp_session ?? span.trace_id;
    const session_id = label('otlp', session);
    const at_ms = asTime(span.end_ms ?? span.start_ms);
    if (span.kind === 'tool') {
      this.#sessions.set(session_id, at_ms);
      return [...this.#described(span), ...callOf(span, session_id, at_ms)];
    }
    const offered = this.#offered(span);
    const said = `${span.trace_id} ${span.prompt}`;
    if (span.prompt !== null && said !== this.#prompts.get(session_id)) {
      this.#prompts.set(session_id, said);
      return [...offered, { kind: 'prompt', session_id, at_ms: asTime(span.start_ms), turn_id: span.trace_id, text: span.prompt }];
    }
    return offered;
  }

  #described(span: Span): readonly ToolEvent[] {
    const description = asText(named(span.attributes, ATTRIBUTES.tool_description));
    return description === null ? [] : this.#once({ tool_name: toolName(span.name), description, input_schema: null });
  }

  #offered(span: Span): readonly ToolEvent[] {
    const given = named(span.attributes, ATTRIBUTES.tool_definitions);
    return asList(typeof given === 'string' ? parsedJson(given) : given).flatMap((definition) => {
      const tool = asRecord(asRecord(definition)?.['function']) ?? asRecord(definition);
      const name = asText(tool?.['name']);
      if (tool === null || name === null) return [];
      return this.#once({
        tool_name: toolName(name),
        description: asText(tool['description']),
        input_schema: asRecord(tool['parameters']),
      });
    });
  }

  #once(tool: Omit<ToolEvent, 'kind' | 'at_ms'>): readonly ToolEvent[] {
    const known = tool.tool_name;
    if (this.#tools.has(known)) return [];
    this.#tools.set(known, true);
    return [{ kind: 'tool', at_ms: null, ...tool }];
  }
}

/** Requests, their parts, or a span; null: none of them. */
function spansIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) {
    const found = value.map(spansIn);
    return found.some((spans) => spans !== null) ? found.flatMap((spans) => spans ?? []) : null;
  }
  const record = asRecord(value);
  if (record === null) return null;
  if (record['spanId'] !== undefined || record['span_id'] !== undefined) return [record];
  const resources = record['resourceSpans'] ?? record['resource_spans'] ?? record['batches'];
  if (resources !== undefined) return asList(resources).flatMap((resource) => scopes(asRecord(resource)));
  return record['scopeSpans'] === undefined && record['scope_spans'] === undefined ? null : scopes(record);
}

function scopes(resource: JsonObject | null): readonly unknown[] {
  const list = resource?.['scopeSpans'] ?? resource?.['scope_spans'] ?? resource?.['instrumentationLibrarySpans'];
  return asList(list).flatMap((scope) => asList(asRecord(scope)?.['spans']));
}

/**
 * One call may be seen by the agent, by the MCP client and by the server: spans of the same tool, each the parent of the next. The outermost stays,
 * and failed if one of them did.
 * @param known tool spans that were told before, by key; is added to
 */
function merged(held: readonly Span[], known: BoundedMap<string>): Span[] {
  const tools = new Map(held.filter(({ kind }) => kind === 'tool').map((span) => [span.key, span]));
  for (const span of tools.values()) known.set(span.key, span.name);
  const inner = new Map<string, Span>();
  for (const span of tools.values()) {
    const parent = span.parent === null ? undefined : known.get(span.parent);
    if (parent !== undefined && isSameTool(parent, span.name)) inner.set(span.key, span);
  }
  const failures = new Map<string, Span>();
  for (const span of inner.values()) if (span.failed) failures.set(outermost(span, inner), span);
  return held
    .filter((span) => !inner.has(span.key))
    .map((span) => {
      const failure = failures.get(span.key);
      return failure === undefined || span.failed ? span : { ...span, failed: true, failure: failure.failure };
    });
}

function outermost(span: Span, inner: ReadonlyMap<string, Span>): string {
  let at: Span | undefined = span;
  let key = span.key;
  for (let steps = 0; at !== undefined && at.parent !== null && steps < 8; steps++) {
    key = at.parent;
    at = inner.get(key);
  }
  return key;
}

/** Frameworks may put the server's name before the tool's. */
function isSameTool(one: string, other: string): boolean {
  return one === other || one.endsWith(`_${other}`) || other.endsWith(`_${one}`) || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

function moment({ start_ms, end_ms }: Span): number {
  return start_ms ?? end_ms ?? 0;
}

function callOf(span: Span, session_id: string, at_ms: number | null): readonly CaptureEvent[] {
  const result = named(span.attributes, ATTRIBUTES.call_result);
  const { text } = callOutcome(result);
  const call: CallEvent = {
    kind: 'call',
    session_id,
    at_ms,
    call_id: asText(named(span.attributes, ATTRIBUTES.call_id)) ?? span.key,
    // A call that is a trace of its own says nothing about turns.
    turn_id: span.parent === null ? null : span.trace_id,
    tool_name: toolName(span.name),
    success: !span.failed,
    was_denied: false,
    execution_time_ms: span.start_ms === null || span.end_ms === null ? null : asDuration(span.end_ms - span.start_ms),
    arguments: asArguments(named(span.attributes, ATTRIBUTES.call_arguments)),
    result: span.failed ? null : text,
    error_message: span.failed ? (span.failure ?? text) : null,
    group_id: null,
  };
  return callEvents(call, typeof result === 'string' ? parsedJson(result) : result);
}
