import { isUtf8 } from 'node:buffer';
import { type JSONRPCMessage, JSONRPCMessageSchema, type RequestId } from '@modelcontextprotocol/sdk/types.js';
import { inert } from '../core/quote.ts';
import { type Line, LONGEST_LINE_BYTES } from './line-limiter.ts';
import { INVALID_REQUEST, PARSE_ERROR, ProtocolError } from './protocol-error.ts';

/** A line that is answered with an error. The id is left out where it cannot be read, as MCP wants it. */
export interface Refusal {
  readonly fault: ProtocolError;
  readonly id?: RequestId;
}

const LONGEST_TEXT_ID = 200;
/** V8 quotes what it could not read: it may be half a secret, and the message goes to the log, too. */
const QUOTED_INPUT = /, (?:\.\.\.)?".*$/s;
const ID = `(-?\\d{1,16}|"(?:[^"\\\\]|\\\\.){0,${LONGEST_TEXT_ID}}")`;
const FLAT_MEMBER = '"(?:jsonrpc|method)"\\s{0,9}:\\s{0,9}"[^"\\\\]{0,200}"';
/** The id among the first members, before any that holds others. */
const ID_AT_HEAD = new RegExp(`^\\s{0,9}\\{\\s{0,9}(?:${FLAT_MEMBER}\\s{0,9},\\s{0,9}){0,2}"id"\\s{0,9}:\\s{0,9}${ID}\\s{0,9}[,}]`);
/** The id among the last members: the brace that ends the line belongs to the message, and so do the flat members before it. */
const ID_AT_TAIL = new RegExp(`[,{]\\s{0,9}"id"\\s{0,9}:\\s{0,9}${ID}(?:\\s{0,9},\\s{0,9}${FLAT_MEMBER}){0,2}\\s{0,9}\\}\\s{0,9}$`);

/** The message on a line, what is wrong with the line instead, or null for an empty one. */
export function readMessage(line: Line): { readonly message: JSONRPCMessage } | Refusal | null {
  if (line.kind === 'too_long') return refuseLength(line);
  const text = withoutMark(line.bytes.toString('utf8'));
  if (text.trim() === '') return null;
  const parsed = parse(text);
  if (parsed instanceof ProtocolError) return { fault: parsed };
  if (!isUtf8(line.bytes)) return refusal(new ProtocolError(PARSE_ERROR, 'it is not UTF-8; send UTF-8'), idOf(parsed.value));
  const checked = JSONRPCMessageSchema.safeParse(parsed.value);
  return checked.success ? { message: checked.data } : refusal(notAMessage(), idOf(parsed.value));
}

/** A byte order mark that a client's encoder put before its text. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function parse(text: string): { readonly value: unknown } | ProtocolError {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? inert(error.message.replace(QUOTED_INPUT, '')) : '';
    return new ProtocolError(PARSE_ERROR, `it is not JSON; send one JSON object a line (${reason})`);
  }
}

function notAMessage(): ProtocolError {
  return new ProtocolError(
    INVALID_REQUEST,
    'it is not JSON-RPC 2.0; send {"jsonrpc": "2.0", ...}, no batch, with a text or whole number as id and an object as params',
  );
}

/** The id of what was meant as a request. A malformed response has one, too, but it is ours, and an error with it would hit another. */
function idOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('id' in value)) return undefined;
  return 'method' in value || !('result' in value || 'error' in value) ? value.id : undefined;
}

function refusal(fault: ProtocolError, id: unknown): Refusal {
  return typeof id === 'string' || Number.isSafeInteger(id) ? { fault, id: id as RequestId } : { fault };
}

function refuseLength({ length_bytes, head, tail }: Extract<Line, { kind: 'too_long' }>): Refusal {
  const mib = LONGEST_LINE_BYTES / 1_048_576;
  const fault = new ProtocolError(INVALID_REQUEST, `message longer than ${mib} MiB (${length_bytes} bytes); send a smaller one`);
  const text = ID_AT_TAIL.exec(tail.toString('utf8'))?.[1] ?? ID_AT_HEAD.exec(withoutMark(head.toString('utf8')))?.[1];
  if (text === undefined) return { fault };
  const id = parse(text);
  return id instanceof ProtocolError ? { fault } : refusal(fault, id.value);
}
