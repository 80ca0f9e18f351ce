import { styleText } from 'node:util';

export interface Column {
  readonly title: string;
  readonly right?: true;
}

/** Rows under their titles; the columns are as wide as their widest cell and two blanks apart. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, at) => Math.max(column.title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const cells = (row: readonly string[]) => columns.map((column, at) => padded(row[at] ?? '', widths[at] ?? 0, column.right === true));
  const lines = [columns.map((column) => column.title), ...rows].map((row) => `  ${cells(row).join('  ')}`.trimEnd());
  return lines.join('\n');
}

export function heading(text: string): string {
  return `\n${styleText('bold', text)}`;
}

/** One line, cut to `width` characters. */
export function cut(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}

function padded(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}
