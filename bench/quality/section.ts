import { signed } from '../../src/core/evaluation/verdict.ts';

/** A part of the report: a table with what must be known to read it. */
export interface Section {
  readonly title: string;
  /** The first row names the columns. */
  readonly cells: Cells;
  /** Printed as it stands, in a fixed-width type. */
  readonly figure?: string;
  readonly notes: readonly string[];
}

export type Cells = readonly (readonly string[])[];

/** `71.3`: a share in per cent; nothing where there is none. */
export function percent(share: number | null): string {
  return share === null ? '' : (100 * share).toFixed(1);
}

/** `+1.2`: a difference of shares in points. */
export function points(difference: number | null): string {
  return difference === null ? '' : signed(100 * difference, 1);
}

/** `low to high`. */
export function range(bounds: readonly [low: number, high: number] | null, format: (bound: number) => string): string {
  return bounds === null ? '' : bounds.map(format).join(' to ');
}

/** For a person at a terminal. */
export function terminalSection({ title, cells, figure, notes }: Section): string {
  const parts = [title, aligned(cells), figure, notes.map((note) => `- ${note}`).join('\n')];
  return `\n${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`;
}

export function markdownSection({ title, cells, figure, notes }: Section): string {
  const fenced = figure === undefined ? '' : `\`\`\`text\n${figure}\n\`\`\``;
  const parts = [`## ${title}`, markdownTable(cells), fenced, notes.map((note) => `- ${note}`).join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

export function markdownTable([head = [], ...rows]: Cells): string {
  if (head.length === 0) return '';
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(head), `|${head.map((_, column) => (column === 0 ? '---|' : '---:|')).join('')}`, ...rows.map(line)].join('\n');
}

/** Columns side by side: the first to the left, the others to the right. */
function aligned(rows: Cells): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0));
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n');
}
