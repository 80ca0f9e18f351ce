import { judge, type Table, type Trial } from './trial.ts';

/** A trial and what it measured. */
export interface Measured {
  readonly trial: Trial;
  readonly table: Table;
}

type Cells = readonly (readonly string[])[];

/** The goals of all trials, each with what was measured. */
function verdicts(measured: readonly Measured[]): Cells {
  const rows = measured.flatMap(({ trial, table }) =>
    judge(table, trial.goals).map(({ goal, measured: value, met }) => [
      trial.title,
      `${goal.row}: ${goal.column}`,
      `${goal.bound} ${format(goal.value)}`,
      format(value),
      met ? 'met' : 'NOT MET',
    ]),
  );
  return [['trial', 'what', 'goal', 'measured', ''], ...rows];
}

function cells({ columns, rows }: Table): Cells {
  return [['', ...columns], ...rows.map(({ name, values }) => [name, ...values.map((value) => (value === null ? '' : format(value)))])];
}

/** What one trial measured, for a person at a terminal. */
export function terminalTable({ trial, table }: Measured): string {
  return `\n${trial.title}\n${aligned(cells(table))}\n`;
}

/** The goals and what became of them, for a person at a terminal. */
export function terminalGoals(measured: readonly Measured[]): string {
  return `\nGoals\n${aligned(verdicts(measured))}\n`;
}

/** The text of RESULTS.md. */
export function markdownReport(measured: readonly Measured[], run: readonly (readonly [name: string, value: string])[]): string {
  const sections = measured.map(({ trial, table }) =>
    [`## ${trial.title}`, markdown(cells(table)), table.notes.map((note) => `- ${note}`).join('\n')].join('\n\n'),
  );
  const head =
    '# Results of the bench\n\nWritten by the bench itself; run it again instead of editing. Everything was measured in one run, side by side.';
  return `${[head, markdown([['', ''], ...run]), '## Goals', markdown(verdicts(measured)), ...sections].join('\n\n')}\n`;
}

function aligned(rows: Cells): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

/** Words to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 || /[a-z]{4}/i.test(cell) ? cell.padEnd(width) : cell.padStart(width);
}

function markdown([head = [], ...rows]: Cells): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Whole numbers in full, others with three digits that count. */
function format(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
