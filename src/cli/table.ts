import picocolors from 'picocolors';

export interface Column<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  cell(row: Row): string;
}

/** How emphasis is shown; `plain` under NO_COLOR or where stdout is not a terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
}

export const PLAIN: Style = Object.freeze({ bold: (text: string) => text, dim: (text: string) => text });

/** Colours where picocolors finds that they are wanted (NO_COLOR, FORCE_COLOR, TERM, a terminal). */
export function colourful(wanted: boolean): Style {
  const { bold, dim } = picocolors.createColors(wanted);
  return { bold, dim };
}

const GAP = '  ';

/** An aligned table: a head, one line a row, columns as wide as their widest cell; no trailing spaces. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, at) => Math.max(column.title.length, ...cells.map((line) => line[at]?.length ?? 0)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => pad(text, widths[at] ?? 0, columns[at]?.align))
      .join(GAP)
      .trimEnd();
  return [style.dim(line(columns.map((column) => column.title))), ...cells.map(line)].join('\n');
}

function pad(text: string, width: number, align: 'left' | 'right' | undefined): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
