import { callOutcome } from '../outcome.ts';
import { asList, asRecord, asText, contentText, type JsonObject, parsedJson } from './fields.ts';
import { ATTRIBUTES, EXECUTE_TOOL, INVOKE_AGENT, SPAN_NAME, TOOLS_CALL, USER_MESSAGE_EVENT } from './otlp-names.ts';

/** Levels of arrays and maps in an attribute that are read. */
const DEEPEST = 30;
/** UTF-16 units of an attribute of a tool span that are kept: many spans are held back. JSON texts of arguments may be longer. */
const LONGEST_RESULT = 8192;
const LONGEST_ARGUMENTS = 131_072;
const FAILED = new Set<unknown>([2, '2', 'STATUS_CODE_ERROR', 'ERROR', 'Error', 'error']);

/** A span, as far as it says something about tools. */
export interface Span {
  readonly key: string;
  /** Of its parent; null: it has none. */
  readonly parent: string | null;
  readonly trace_id: string;
  readonly kind: 'tool' | 'agent' | 'other';
  /** Of the tool, for a tool span. */
  readonly name: string;
  /** Epoch milliseconds, to the microsecond. */
  readonly start_ms: number | null;
  readonly end_ms: number | null;
  readonly conversation: string | null;
  readonly mcp_session: string | null;
  readonly failed: boolean;
  readonly failure: string | null;
  readonly prompt: string | null;
  readonly attributes: ReadonlyMap<string, unknown>;
}

/** Reads a span of OTLP/JSON; null: it is none. @param value an element of `resourceSpans[].scopeSpans[].spans` */
export function spanOf(value: unknown): Span | null {
  const span = asRecord(value);
  const id = asText(span?.['spanId'] ?? span?.['span_id']);
  if (span === null || id === null) return null;
  const trace_id = asText(span['traceId'] ?? span['trace_id']) ?? id;
  const parent = asText(span['parentSpanId'] ?? span['parent_span_id']);
  const attributes = attributesOf(span['attributes']);
  const kind = kindOf(attributes);
  const told = asText(named(attributes, ATTRIBUTES.tool_name)) ?? SPAN_NAME.exec(asText(span['name']) ?? '')?.[1] ?? null;
  const status = asRecord(span['status']);
  const error_type = asText(named(attributes, ATTRIBUTES.error_type));
  return {
    key: `${trace_id}/${id}`,
    parent: parent === null || /^0+$/.test(parent) ? null : `${trace_id}/${parent}`,
    trace_id,
    kind: kind === 'tool' && told === null ? 'other' : kind,
    name: told ?? '',
    start_ms: nanoseconds(span['startTimeUnixNano'] ?? span['start_time_unix_nano']),
    end_ms: nanoseconds(span['endTimeUnixNano'] ?? span['end_time_unix_nano']),
    conversation: asText(named(attributes, ATTRIBUTES.conversation)),
    mcp_session: asText(named(attributes, ATTRIBUTES.mcp_session)),
    failed: FAILED.has(status?.['code']) || error_type !== null || !callOutcome(named(attributes, ATTRIBUTES.call_result)).success,
    failure: asText(status?.['message']) ?? error_type,
    prompt: kind === 'tool' ? null : promptOf(attributes, span['events']),
    attributes: kind === 'tool' ? cut(attributes) : definitionsOnly(attributes),
  };
}

/** The value of the first of these attributes that is there. */
export function named(attributes: ReadonlyMap<string, unknown>, names: readonly string[]): unknown {
  const name = names.find((candidate) => attributes.has(candidate));
  return name === undefined ? undefined : attributes.get(name);
}

function kindOf(attributes: ReadonlyMap<string, unknown>): Span['kind'] {
  const operation = named(attributes, ATTRIBUTES.operation);
  if (operation === EXECUTE_TOOL || named(attributes, ATTRIBUTES.method) === TOOLS_CALL) return 'tool';
  return operation === INVOKE_AGENT ? 'agent' : 'other';
}

function cut(attributes: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  return new Map(
    [...attributes].map(([name, value]) => {
      const longest = ATTRIBUTES.call_arguments.includes(name) ? LONGEST_ARGUMENTS : LONGEST_RESULT;
      return [name, typeof value === 'string' ? value.slice(0, longest) : value] as const;
    }),
  );
}

/** So that a span that is held back does not hold back whole conversations. */
function definitionsOnly(attributes: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  return new Map([...attributes].filter(([name]) => ATTRIBUTES.tool_definitions.includes(name)));
}

/** The user's words, if they are the last of what the model was given. */
function promptOf(attributes: ReadonlyMap<string, unknown>, events: unknown): string | null {
  const given = named(attributes, ATTRIBUTES.input_messages);
  const messages = asList(typeof given === 'string' ? parsedJson(given) : given);
  const last = asRecord(messages.at(-1));
  if (last?.['role'] === 'user') return contentText(last['content']) ?? partsText(last['parts']);
  const event = asList(events)
    .map(asRecord)
    .filter((candidate) => candidate?.['name'] === USER_MESSAGE_EVENT)
    .at(-1);
  return event === undefined || event === null ? null : asText(attributesOf(event['attributes']).get('content'));
}

function partsText(parts: unknown): string | null {
  const texts = asList(parts).flatMap((part) => asText(asRecord(part)?.['content']) ?? []);
  return texts.length === 0 ? null : texts.join('\n');
}

function attributesOf(list: unknown): ReadonlyMap<string, unknown> {
  return new Map(
    asList(list).flatMap((entry) => {
      const attribute = asRecord(entry);
      const key = asText(attribute?.['key']);
      return key === null ? [] : [[key, plain(attribute?.['value'], 0)] as const];
    }),
  );
}

/** An AnyValue as plain JSON; 64-bit integers come as texts. */
function plain(value: unknown, depth: number): unknown {
  const any = asRecord(value);
  if (any === null || depth > DEEPEST) return null;
  if (any['intValue'] !== undefined) return Number(any['intValue']);
  const list = asRecord(any['arrayValue']);
  if (list !== null) return asList(list['values']).map((inner) => plain(inner, depth + 1));
  const map = asRecord(any['kvlistValue']);
  if (map === null) return any['stringValue'] ?? any['boolValue'] ?? any['doubleValue'] ?? null;
  return Object.fromEntries(asList(map['values']).flatMap((entry) => entryOf(entry, depth)));
}

function entryOf(entry: unknown, depth: number): readonly (readonly [string, unknown])[] {
  const record: JsonObject | null = asRecord(entry);
  const key = asText(record?.['key']);
  return key === null ? [] : [[key, plain(record?.['value'], depth + 1)]];
}

/** Nanoseconds since the epoch, a text or a number, in milliseconds; 0 stands for "not known". */
function nanoseconds(value: unknown): number | null {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return Number(BigInt(value) / 1000n) / 1000 || null;
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value / 1e6 : null;
}
