import { cutText } from './redaction/cut.ts';

/** Longest text of others that is shown, UTF-16 units. */
const LONGEST = 200;
/** What comes after is not read: more than this is only there to hide in. */
const READ = 2000;

const BREAK = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;
/**
 * Control, bidirectional, zero-width and tag characters, variation selectors, fillers, private use, unassigned characters and lone
 * surrogates: what a person does not see and a model may read.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;

/** Text of others, to be shown as data: on one line, without hidden characters, at most `longest` units, `[cut]` at the end when cut. */
export function clean(text: string, longest: number = LONGEST): string {
  const seen = text.slice(0, READ).replace(BREAK, ' ').replace(HIDDEN, '');
  return text.length > READ ? cutText(seen.padEnd(longest + 1), longest) : cutText(seen, longest);
}

/** The same for JSON text: what its escapes stand for is cleaned too, and encoded again. Cut JSON is no longer JSON. */
export function cleanJson(text: string, longest: number = LONGEST): string {
  const decoded = text.slice(0, READ).replace(ESCAPE, (match, code: string | undefined, sign: string | undefined) => {
    if (code === undefined) return sign !== undefined && 'bfnrt'.includes(sign) ? ' ' : match;
    const character = String.fromCharCode(Number.parseInt(code, 16));
    return character === '"' || character === '\\' ? `\\${character}` : character;
  });
  return clean(text.length > READ ? decoded.padEnd(READ + 1) : decoded, longest);
}
