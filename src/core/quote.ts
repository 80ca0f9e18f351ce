const LONGEST_VALUE = 80;

/** Text as printable ASCII on one line: control, invisible and non-ASCII characters become `\uXXXX`. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Text of ours that may hold a caller's words: control and invisible characters (also those that turn the direction) are escaped. */
export function inert(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** A caller's value for a message: quoted, escaped and cut to 80 characters; lists and objects by their size only. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return `"${cut(printable(value.slice(0, LONGEST_VALUE + 1)).replaceAll('"', '\\"'))}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return cut(String(value));
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

/** "1 tool", "2 tools". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
