import { marker } from './markers.ts';

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,60}-----/g;
const END = /-----END [A-Z0-9 ]{0,60}-----/g;

/** Replaces PEM blocks (RFC 7468) of any kind, one without an end up to the end of the text. Linear: every character is passed once. */
export function redactPrivateKeys(text: string): string {
  if (!text.includes('-----BEGIN ')) return text;
  let kept = '';
  let from = 0;
  const begin = new RegExp(BEGIN);
  const end = new RegExp(END);
  for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
    kept += text.slice(from, found.index) + marker('private-key');
    end.lastIndex = begin.lastIndex;
    from = end.exec(text) === null ? text.length : end.lastIndex;
    begin.lastIndex = from;
  }
  return kept + text.slice(from);
}
