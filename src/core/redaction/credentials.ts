import { marker } from './markers.ts';

const AUTHORIZATION = /(?<![A-Za-z0-9])(basic|bearer)([ \t]{1,4})([A-Za-z0-9+/._~-]{8,4096}={0,2})/gi;
const SHORTEST_BEARER = 16;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DECODED = 512;

/** Replaces what follows Basic (when it is user:password in base64, RFC 7617) and Bearer (when it is long and holds a digit). Linear. */
export function redactCredentials(text: string): string {
  return text.replace(AUTHORIZATION, (match, scheme: string, blank: string, value: string) => {
    const isSecret = scheme.toLowerCase() === 'basic' ? isUserAndPassword(value) : value.length >= SHORTEST_BEARER && /[0-9]/.test(value);
    return isSecret ? `${scheme}${blank}${marker('credentials')}` : match;
  });
}

function isUserAndPassword(base64: string): boolean {
  const text = decoded(base64.slice(0, DECODED));
  return text !== null && /^[ -~\u0080-\u00ff]*:[ -~\u0080-\u00ff]*$/.test(text);
}

/** Bytes as characters; null: it is no base64. */
function decoded(base64: string): string | null {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const character of base64.replace(/={1,2}$/, '')) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      text += String.fromCharCode((bits >> held) & 0xff);
    }
  }
  return text;
}
