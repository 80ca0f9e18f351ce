import { CUT } from './markers.ts';

const SPACE = 0x20;
const DELETE = 0x7f;
/** ASCII that cannot stand inside a token or a password without quotes. */
const BETWEEN_TOKENS: ReadonlySet<string> = new Set('"\'`,<>(){}[]');

/** The text in at most `longest` UTF-16 units, the mark `[cut]` included. No surrogate pair is parted. */
export function cutText(text: string, longest: number): string {
  return text.length <= longest ? text : `${whole(text, longest - CUT.length)}${CUT}`;
}

/**
 * As `cutText`, and the token that the cut goes through is dropped: half a secret is still one, but no longer looks like it. Linear.
 */
export function cutBetweenTokens(text: string, longest: number): string {
  if (text.length <= longest) return text;
  let end = longest - CUT.length;
  if (isInToken(text, end)) while (end > 0 && isInToken(text, end - 1)) end -= 1;
  return `${whole(text, end)}${CUT}`;
}

function isInToken(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > SPACE && code < DELETE && !BETWEEN_TOKENS.has(text.charAt(at));
}

/** The first `length` units, or one less when that would part a surrogate pair. */
function whole(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const next = text.charCodeAt(length);
  const parts = last >= 0xd800 && last < 0xdc00 && next >= 0xdc00 && next < 0xe000;
  return text.slice(0, Math.max(0, parts ? length - 1 : length));
}
