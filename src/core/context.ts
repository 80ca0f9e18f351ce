import { abstractLiterals, contentWords } from './text.ts';
import type { Sha256 } from './types.ts';

/** Where an agent stands when it chooses a tool: the state s of the learner. */
export interface State {
  /** The user's request or the current sub-goal. */
  readonly query: string;
  /** null at the start of a session. */
  readonly previous_tool: string | null;
  /** Calls made so far in the session. */
  readonly session_length: number;
}

/** Finest first: what a state shares with more and more others. */
export const CONTEXT_LEVELS = ['exact', 'step', 'request', 'previous'] as const;

export type ContextLevel = (typeof CONTEXT_LEVELS)[number];

const LEADING_WORDS = 5;
const HEX_DIGITS_OF_AN_ID = 13;

/** Blanks as Python's `str.split` knows them; `\s` differs at U+001C–001F, U+0085 and U+FEFF. */
const BLANKS: ReadonlySet<number> = new Set([
  ...codes(0x09, 0x0d),
  ...codes(0x1c, 0x20),
  0x85,
  0xa0,
  0x1680,
  ...codes(0x2000, 0x200a),
  0x2028,
  0x2029,
  0x202f,
  0x205f,
  0x3000,
]);

/**
 * The reference's keywords of a query: each domain word that occurs anywhere in it, and its first five words; lower-cased, without
 * repeats, by Unicode code point.
 */
export function referenceKeywords(query: string, domainKeywords: readonly string[]): string[] {
  const lower = query.toLowerCase();
  const found = domainKeywords.filter((keyword) => lower.includes(keyword));
  return [...new Set([...found, ...leadingWords(lower, LEADING_WORDS)])].sort(byCodePoint);
}

/** What a request asks for, whatever it asks it about: the distinct content words of the query without its literals, sorted. */
export function requestKeywords(query: string): string[] {
  return [...new Set(contentWords(abstractLiterals(query)))].sort(byCodePoint);
}

/** The text that names an exact context, as the reference hashes it: ASCII JSON of keywords, previous tool and session length. */
export function canonicalContext(state: State, domainKeywords: readonly string[]): string {
  const keywords = asciiList(referenceKeywords(state.query, domainKeywords));
  return `{"keywords": ${keywords}, "previous_tool": ${ascii(state.previous_tool ?? '')}, "session_length": ${state.session_length}}`;
}

/**
 * The hash of a state at each level: `exact` is the reference's (keywords, previous tool, session length), `step` the request and the
 * previous tool, `request` the request alone, `previous` the previous tool alone. A coarse text names its level, so levels never collide.
 */
export function encodeContexts(state: State, domainKeywords: readonly string[], sha256: Sha256): Record<ContextLevel, string> {
  const keywords = asciiList(requestKeywords(state.query));
  const previous = ascii(state.previous_tool ?? '');
  return {
    exact: sha256(canonicalContext(state, domainKeywords)),
    step: sha256(`{"level": "step", "keywords": ${keywords}, "previous_tool": ${previous}}`),
    request: sha256(`{"level": "request", "keywords": ${keywords}}`),
    previous: sha256(`{"level": "previous", "previous_tool": ${previous}}`),
  };
}

/** The first 52 bits of a context hash: a short key, exact as a JavaScript number and as a BIGINT. */
export function contextId(hash: string): number {
  return Number.parseInt(hash.slice(0, HEX_DIGITS_OF_AN_ID), 16);
}

function codes(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Scans no further than the words asked for. */
function leadingWords(text: string, count: number): string[] {
  const found: string[] = [];
  let start = 0;
  for (let end = 0; end <= text.length && found.length < count; end++) {
    if (end < text.length && !BLANKS.has(text.charCodeAt(end))) continue;
    if (end > start) found.push(text.slice(start, end));
    start = end + 1;
  }
  return found;
}

/** The default order compares UTF-16 units, which puts U+FF5E after U+1F600. */
function byCodePoint(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const ofA = a.codePointAt(at) ?? 0;
    const ofB = b.codePointAt(at) ?? 0;
    if (ofA !== ofB) return ofA - ofB;
  }
  return a.length - b.length;
}

function asciiList(texts: readonly string[]): string {
  return `[${texts.map(ascii).join(', ')}]`;
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
