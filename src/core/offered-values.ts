import { holdsMarker } from './redaction/markers.ts';
import { redactText } from './redaction/redact-text.ts';
import { sensitivity } from './redaction/sensitive-keys.ts';

/** What a caller may be told of what others recorded. */
export interface Familiar {
  /** Texts of the caller's own: whatever occurs in them is no news to it. */
  readonly own_texts: readonly string[];
  /** Values that the tool's schema names. */
  readonly schema_values: ReadonlySet<string>;
}

const NAME = /^[A-Za-z0-9_.$-]{1,64}$/;
/** One word of a closed alphabet: a setting, an id, a path or an address. */
const WORD = /^[A-Za-z0-9_.,:/@+%=#-]{0,64}$/;
/** Up to three such words: too little for an instruction, enough for a choice in a list. */
const CHOICE = /^(?=.{1,24}$)[A-Za-z0-9_.,:/@+%=#-]+(?: [A-Za-z0-9_.,:/@+%=#-]+){0,2}$/;
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'example']);
/** A shorter text is none of the secrets that are told by their looks. */
const SHORTEST_SECRET = 12;

/**
 * Recorded arguments without free text, since what one session recorded another reads: names and words of closed alphabets, numbers, booleans,
 * null, what the caller wrote itself, and short choices that the tool's schema lists. A list or object is offered when all in it is; secrets
 * and what redaction left of them are not.
 */
export function offeredArguments(args: Readonly<Record<string, unknown>>, familiar: Familiar): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([name, value]) => isOfferedField(name, value, familiar)));
}

/** The texts among the caller's own arguments. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The choices that a JSON Schema gives for any argument: enum, const, default and examples. */
export function choicesIn(schema: unknown): ReadonlySet<string> {
  return new Set(choices(schema, false).filter((text) => CHOICE.test(text)));
}

function choices(schema: unknown, is_value: boolean): string[] {
  if (typeof schema === 'string') return is_value ? [schema] : [];
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, inner]) => choices(inner, is_value || VALUES.has(key)));
}

function isOfferedField(name: string, value: unknown, familiar: Familiar): boolean {
  const kind = NAME.test(name) ? sensitivity(name) : 'secret';
  return kind === 'none' || (kind === 'countable' && typeof value === 'number') ? isOffered(value, familiar) : false;
}

function isOffered(value: unknown, familiar: Familiar): boolean {
  if (typeof value === 'string') return isOfferedText(value, familiar);
  if (Array.isArray(value)) return value.every((item) => isOffered(item, familiar));
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isOfferedField(name, inner, familiar));
}

function isOfferedText(text: string, { own_texts, schema_values }: Familiar): boolean {
  if (holdsMarker(text) || (text.length >= SHORTEST_SECRET && redactText(text) !== text)) return false;
  return WORD.test(text) || schema_values.has(text) || own_texts.some((own) => own.includes(text));
}
