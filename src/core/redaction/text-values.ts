/** Where a value stands in a text, without its quotation marks. */
export interface Value {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly quoted: boolean;
  /** All that was left of the line. */
  readonly rest: boolean;
}

const LONGEST = 4096;
/** JSON in JSON in JSON: each level doubles the backslashes. */
const OPENING = /\\{0,31}(["'`])/y;
const BARE = /[^\s"'`<>;&|]{1,4096}/y;
const REST_OF_LINE = /[^"'`\r\n]{1,4096}/y;
const CLOSING_BRACKETS = /[,)}\]]{1,8}$/;
const SENTENCE_END = /[.!?:,]$/;
/** Their values hold blanks. */
const LINE_NAME = /authorization|cookie/i;
const SCHEME = /^(?:basic|bearer|apikey|negotiate|aws4-hmac-sha256)$/i;

/** The value that begins at `start` of the text: in quotation marks, or up to a blank; of headers like Authorization the line. Linear. */
export function valueAt(text: string, start: number, name: string): Value {
  const opening = matchAt(OPENING, text, start);
  if (opening !== '') return quotedValue(text, start + opening.length, opening);
  const bare = matchAt(BARE, text, start);
  if (SCHEME.test(bare) || LINE_NAME.test(name)) {
    const line = matchAt(REST_OF_LINE, text, start).trimEnd();
    return { start, end: start + line.length, text: line, quoted: false, rest: true };
  }
  const trimmed = bare.replace(CLOSING_BRACKETS, '').replace(SENTENCE_END, '');
  return { start, end: start + trimmed.length, text: trimmed, quoted: false, rest: false };
}

/** Up to the same mark or the end of the line. A mark behind a backslash goes on, unless the opening one stood behind one itself. */
function quotedValue(text: string, start: number, opening: string): Value {
  const mark = opening.slice(-1);
  const isEscaped = opening.length > 1;
  const limit = Math.min(text.length, start + LONGEST);
  let end = start;
  while (end < limit && text.charAt(end) !== mark && text.charAt(end) !== '\n') end += !isEscaped && text.charAt(end) === '\\' ? 2 : 1;
  end = Math.min(end, limit);
  while (isEscaped && end > start && text.charAt(end - 1) === '\\') end -= 1;
  return { start, end, text: text.slice(start, end), quoted: true, rest: false };
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}
