import { isRecord } from '../outcome.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Seconds are below it, milliseconds above: 1973 in milliseconds, the year 5138 in seconds. */
const FIRST_MILLISECONDS = 1e11;
const LAST_MS = 8.64e15;
/** As much as the contract takes: a day. */
const LONGEST_MS = 86_400_000;
const LONGEST_PARSED = 1_000_000;

/** A text that is not empty; null: something else. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function asRecord(value: unknown): JsonObject | null {
  return isRecord(value) ? value : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, or a number as one: ids come as both. */
export function asId(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : asText(value);
}

/** Epoch milliseconds of an ISO 8601 text or of a number of seconds or milliseconds; null: it is none of them. */
export function asTime(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number(typeof value === 'number' ? value : Number.NaN);
  const ms = typeof value === 'number' && time < FIRST_MILLISECONDS ? time * 1000 : time;
  return ms >= 0 && ms <= LAST_MS ? Math.round(ms) : null;
}

/** A duration in milliseconds as the contract takes it; null: none, or not to be believed. */
export function asDuration(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= LONGEST_MS ? value : null;
}

/** Arguments as an object: given as one, or as its JSON; other text is what the tool got as `input`. null: none. */
export function asArguments(value: unknown): JsonObject | null {
  if (isRecord(value)) return value;
  if (typeof value !== 'string' || value.trim() === '') return Array.isArray(value) ? { input: value } : null;
  const parsed = parsedJson(value);
  return isRecord(parsed) ? parsed : { input: parsed ?? value };
}

/** What a text says as JSON; undefined: it is none, or too long to look into. */
export function parsedJson(text: string): unknown {
  if (text.length > LONGEST_PARSED || !/^\s*[[{"\d\-tfn]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // the caller keeps the text
  }
}

/** The texts of a message's content: a text, or blocks that have one. null: there are none. */
export function contentText(content: unknown): string | null {
  if (typeof content === 'string') return content;
  const texts = asList(content).flatMap((block) => {
    const text = typeof block === 'string' ? block : asRecord(block)?.['text'];
    return typeof text === 'string' ? [text] : [];
  });
  return texts.length === 0 ? null : texts.join('\n');
}

/** Remembers the latest keys only, so that it does not grow with its source. */
export class BoundedMap<Value> {
  readonly #limit: number;
  readonly #entries = new Map<string, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: Value): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Takes a key out. */
  take(key: string): Value | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  entries(): readonly (readonly [string, Value])[] {
    return [...this.#entries];
  }
}
