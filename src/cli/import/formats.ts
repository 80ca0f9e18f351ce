import { ClaudeCodeReader } from '../../capture/formats/claude-code.ts';
import { CodexReader } from '../../capture/formats/codex.ts';
import { asRecord, type JsonObject } from '../../capture/formats/fields.ts';
import { isMessage, OpenAiReader } from '../../capture/formats/openai.ts';
import { OtlpReader } from '../../capture/formats/otlp.ts';
import type { FormatReader, ReaderOptions } from '../../capture/formats/reader.ts';

/** `jsonl`: toolwise's own lines. */
export const FORMATS = ['claude-code', 'codex', 'openai', 'otlp', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

/** Which reader a format has. */
export function readerOf(format: Exclude<Format, 'jsonl'>, options: ReaderOptions): FormatReader {
  switch (format) {
    case 'claude-code':
      return new ClaudeCodeReader(options);
    case 'codex':
      return new CodexReader(options);
    case 'openai':
      return new OpenAiReader(options);
    case 'otlp':
      return new OtlpReader();
  }
}

const OWN_KINDS = ['toolwise', 'settings', 'registration', 'execution', 'feedback', 'episode', 'recommendation', 'reset', 'training'];
const ROLLOUT_TYPES = ['session_meta', 'response_item', 'event_msg', 'turn_context', 'compacted', 'world_state'];
const TRANSCRIPT_FIELDS = ['sessionId', 'parentUuid', 'leafUuid', 'isSidechain', 'isSnapshotUpdate'];
const SPAN_FIELDS = ['resourceSpans', 'resource_spans', 'scopeSpans', 'spanId', 'span_id'];
const CONVERSATION_LISTS = ['messages', 'input', 'items', 'traj', 'trajectory', 'conversation'];

/**
 * The format of a value by its shape; null: it fits none. The first that fits: `kind` of a toolwise line; an OTLP request or span; `type` and
 * `payload` of a Codex rollout, or its first header; `type` and a transcript's own fields; a message, a list of them, or what holds such a list.
 */
export function formatOf(value: unknown, key: string | null): Format | null {
  const first = asRecord(Array.isArray(value) ? value[0] : value);
  if (first === null) return null;
  const has = (fields: readonly string[]) => fields.some((field) => first[field] !== undefined);
  if (OWN_KINDS.includes(String(first['kind'])) && key === null) return 'jsonl';
  if (has(SPAN_FIELDS)) return 'otlp';
  if (isRollout(first)) return 'codex';
  if (typeof first['type'] === 'string' && (has(TRANSCRIPT_FIELDS) || asRecord(first['message']) !== null)) return 'claude-code';
  return isMessage(first) || holdsMessages(first) ? 'openai' : null;
}

function isRollout(record: JsonObject): boolean {
  if (ROLLOUT_TYPES.includes(String(record['type'])) && asRecord(record['payload']) !== null) return true;
  return typeof record['id'] === 'string' && typeof record['timestamp'] === 'string' && 'instructions' in record;
}

function holdsMessages(record: JsonObject): boolean {
  const inner = asRecord(record['body']) ?? asRecord(record['request']) ?? record;
  return [record, inner].some((holder) => CONVERSATION_LISTS.some((list) => Array.isArray(holder[list])));
}
