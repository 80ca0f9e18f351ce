import { counted } from '../../core/quote.ts';
import type { Difference } from '../../engine/journal/check.ts';
import { type Column, type Style, table } from '../table.ts';
import { canBeRepaired } from './examine.ts';
import { type Examination, type Finding, isBad, type Verdict } from './finding.ts';

const MARKS: Readonly<Record<Verdict, string>> = { ok: 'ok', note: 'note', warning: 'WARNING', problem: 'PROBLEM' };

const CHECKS: readonly Column<Finding>[] = [
  { title: 'check', align: 'left', cell: ({ check }) => check },
  { title: 'result', align: 'left', cell: ({ verdict }) => MARKS[verdict] },
  { title: 'found', align: 'left', cell: ({ told }) => told },
];

const DIFFERENCES: readonly Column<Difference>[] = [
  { title: 'table', align: 'left', cell: (difference) => difference.table },
  { title: 'row', align: 'left', cell: ({ row }) => row },
  { title: 'stored', align: 'right', cell: ({ stored }) => stored },
  { title: 'from the log', align: 'right', cell: ({ recomputed }) => recomputed },
];

/** The checks of one examination, one a line, the values that differ, and what to do. */
export function examinationText(examination: Examination, style: Style): string {
  const { database, findings, differences, difference_count } = examination;
  const sections = [`${style.bold('Database')} ${database ?? 'unknown'}`, table(CHECKS, findings, style)];
  if (differences.length > 0) {
    const more = difference_count > differences.length ? `\nand ${difference_count - differences.length} more` : '';
    sections.push(`${style.bold('Values that differ')}\n${table(DIFFERENCES, differences, style)}${more}`);
  }
  return [...sections, conclusion(examination)].join('\n\n');
}

function conclusion(examination: Examination): string {
  const bad = examination.findings.filter(isBad).length;
  if (bad === 0) return 'Everything is in order.';
  const remedy = canBeRepaired(examination) ? ' toolwise doctor --repair learns the values again from the log.' : '';
  return `${counted(bad, 'finding')}.${remedy}`;
}
