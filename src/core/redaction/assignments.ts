import { marker, startsWithMarker } from './markers.ts';
import { sensitivity } from './sensitive-keys.ts';
import { type Value, valueAt } from './text-values.ts';

const NAME = String.raw`[\p{L}\p{N}_.$-]`;
const TWO_WORDS = '(?:api|secret|private|access|auth|encryption|account|security|card|pin) (?:key|token|code|number)';
const SEPARATOR = String.raw`\\{0,31}["'\x60\]]{0,2}[ \t]{0,8}(?:=>|:=|[=:])[ \t]{0,8}|[ \t]{1,8}is[ \t]{1,8}`;
/**
 * A name and what parts it from its value: `name=`, `"name": `, `\"name\":`, `name => `, `name is `; or `--name `. Tried once a word, since
 * a name begins where no part of a name stands before it, and ends where none follows. A marker is no name.
 */
const NAMED = new RegExp(
  `(?<!${NAME})(?<!\\[redacted:)(?:(${TWO_WORDS}|${NAME}{2,128})(?!${NAME})(${SEPARATOR})|(--?[a-z][a-z0-9_-]{1,64})([ \\t]{1,8}))`,
  'giu',
);
const ELEMENT = /<([\p{L}\p{N}_:.-]{2,64})(?:[ \t][^<>]{0,200})?>([^<]{1,4096})(?=<)/gu;
/** What only grants access in an address: signatures of signed URLs. */
const SIGNATURE = /([?&;](?:sig|signature|x-amz-signature|x-goog-signature|x-ms-signature|hmac)=)([^&\s"'<>]{6,2048})/gi;
/** `://user:password@`; the password may hold an @. */
const IN_ADDRESS = /(:\/\/[^\s:/?#@"'<>]{0,256}:)([^\s/"'<>]{1,256})(?=@)/g;
const PLACEHOLDER = /^(?:true|false|null|none|undefined|nil|string|number|boolean|any|object|text|required|optional|empty|[=:].*|)$/i;
const COUNT = /^[0-9.,_]+$/;
const LINE_START = /[\r\n][ \t]{0,60}(?:[-*][ \t]{1,4})?$/;
const INDENT = 64;
const STRONG = /[0-9]|[a-z][A-Z]|[!@#$%^*+~].|[!@#$%^*+~]$/;
const HEADER = /^(?:x-[a-z-]{2,60}|api-key)$/i;
const SHORTEST_STRONG = 4;
const SHORTEST_PLAIN = 8;

/** Replaces the password of an address with user and password, and the signature of a signed one. Linear. */
export function redactAddresses(text: string): string {
  return text
    .replace(IN_ADDRESS, (match, before: string, password: string) =>
      startsWithMarker(password, 0) ? match : `${before}${marker('url-password')}`,
    )
    .replace(SIGNATURE, (match, before: string, value: string) => (startsWithMarker(value, 0) ? match : `${before}${marker('signature')}`));
}

/** Replaces what is assigned to a sensitive name in JSON, YAML, .env, INI, headers, XML, connection strings, flags and code. Linear. */
export function redactAssignments(text: string): string {
  return redactElements(redactNamed(text));
}

function redactNamed(text: string): string {
  let kept = '';
  let from = 0;
  const named = new RegExp(NAMED);
  for (let found = named.exec(text); found !== null; found = named.exec(text)) {
    const name = found[1] ?? found[3] ?? '';
    const separator = found[2] ?? found[4] ?? '';
    const kind = sensitivity(name);
    if (kind === 'none') continue;
    const value = valueAt(text, named.lastIndex, name);
    const before = { name, separator, at: found.index };
    if (!isSecret(text, value, before) || (kind === 'countable' && COUNT.test(value.text))) continue;
    kept += text.slice(from, value.start) + marker('sensitive-key');
    from = value.end;
    named.lastIndex = Math.max(value.end, named.lastIndex);
  }
  return kept + text.slice(from);
}

interface Before {
  readonly name: string;
  readonly separator: string;
  /** Where the name stands. */
  readonly at: number;
}

/** In prose a colon or "is" says little: there the value must look like a secret, or be all of its line. */
function isSecret(text: string, value: Value, before: Before): boolean {
  if (PLACEHOLDER.test(value.text) || startsWithMarker(text, value.start)) return false;
  if (value.quoted || before.separator.includes('=') || /^\s+$/.test(before.separator)) return true;
  const colon = before.separator.includes(':');
  if (colon && (value.rest || HEADER.test(before.name) || !/[ \t]$/.test(before.separator))) return true;
  if (value.text.length >= SHORTEST_STRONG && STRONG.test(value.text)) return true;
  const ends = value.end === text.length || text.charAt(value.end) === '\n' || text.charAt(value.end) === '\r';
  return colon && ends && value.text.length >= SHORTEST_PLAIN && startsLine(text, before.at);
}

function startsLine(text: string, at: number): boolean {
  return LINE_START.test(at < INDENT ? `\n${text.slice(0, at)}` : text.slice(at - INDENT, at));
}

function redactElements(text: string): string {
  if (!text.includes('<')) return text;
  return text.replace(ELEMENT, (match, name: string, value: string) => {
    if (sensitivity(name) === 'none' || startsWithMarker(value, 0) || value.trim() === '') return match;
    return `${match.slice(0, match.length - value.length)}${marker('sensitive-key')}`;
  });
}
