/** Says how far a trial is. */
export type Report = (done: number, total: number) => void;

/** What one trial measured: one row a subject, side by side. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export interface Row {
  readonly name: string;
  /** In the order of the columns; null: does not apply. */
  readonly values: readonly (number | null)[];
}

/** What one cell of the table should be. */
export interface Goal {
  readonly row: string;
  readonly column: string;
  readonly bound: 'at most' | 'at least';
  readonly value: number;
}

export interface Trial {
  readonly name: string;
  readonly title: string;
  readonly goals: readonly Goal[];
  run(quick: boolean, report: Report): Promise<Table>;
}

export interface Verdict {
  readonly goal: Goal;
  readonly measured: number;
  readonly met: boolean;
}

/** A trial and its two sizes: the one whose numbers count, and a short one that only shows that it runs. */
export function trial<Size>(parts: {
  readonly name: string;
  readonly title: string;
  readonly run: (size: Size, report: Report) => Promise<Table>;
  readonly full: Size;
  readonly quick: Size;
  readonly goals: readonly Goal[];
}): Trial {
  const { name, title, goals } = parts;
  return { name, title, goals, run: (quick, report) => parts.run(quick ? parts.quick : parts.full, report) };
}

/** Compares each goal with its cell. @throws when a goal names a cell that the trial did not measure */
export function judge({ columns, rows }: Table, goals: readonly Goal[]): Verdict[] {
  return goals.map((goal) => {
    const measured = rows.find((row) => row.name === goal.row)?.values[columns.indexOf(goal.column)];
    if (measured === undefined || measured === null) throw new Error(`nothing was measured for "${goal.row}", "${goal.column}"`);
    return { goal, measured, met: goal.bound === 'at most' ? measured <= goal.value : measured >= goal.value };
  });
}
