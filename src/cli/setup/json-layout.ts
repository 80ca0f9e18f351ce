import type { Node } from 'jsonc-parser';

/** How a JSON text is laid out, so that what is added looks like the rest. */
export interface Layout {
  readonly line_end: string;
  /** One step of indentation. */
  readonly unit: string;
  /** false: the whole value stands on one line. */
  readonly spread: boolean;
}

export function layoutOf(text: string, tree: Node): Layout {
  const first = tree.children?.[0];
  const unit = first !== undefined && beginsLine(text, first.offset) ? indentAt(text, first.offset) : '';
  return {
    line_end: text.includes('\r\n') ? '\r\n' : '\n',
    unit: unit === '' ? '  ' : unit,
    spread: first === undefined || textOf(text, tree).includes('\n'),
  };
}

export function textOf(text: string, { offset, length }: Node): string {
  return text.slice(offset, offset + length);
}

/** The white space at the start of the line. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** Whether only white space stands before it on its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

/** The value as JSON text whose first line begins after `indent`. */
export function rendered(value: unknown, spread: boolean, indent: string, { line_end, unit }: Layout): string {
  if (!spread) return JSON.stringify(value);
  return JSON.stringify(value, null, unit).replaceAll('\n', `${line_end}${indent}`);
}

/** The text between two members with comments as blanks of the same length: what is left is white space and commas. */
export function withoutComments(between: string): string {
  return between.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => ' '.repeat(comment.length));
}
