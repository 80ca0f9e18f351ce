import { counted, inert } from '../../core/quote.ts';
import { type Column, PLAIN, table } from '../table.ts';
import type { BadLine, Imported } from './import-files.ts';

const COLUMNS: readonly Column<BadLine>[] = [
  { title: 'file', align: 'left', cell: (bad) => bad.file },
  { title: 'line', align: 'right', cell: (bad) => String(bad.line) },
  { title: 'not used because', align: 'left', cell: (bad) => inert(bad.reason) },
];

/** The readable form of `toolwise import`: one sentence, then the lines that could not be used. */
export function importText({ files, dry_run, lines, added, known, bad, bad_count }: Imported): string {
  const read = `Read ${counted(lines, 'line')} of ${counted(files.length, 'file')}`;
  const sentence = `${read}: ${added} ${dry_run ? 'would be added' : 'added'}, ${known} known already, ${bad_count} not usable.`;
  if (bad_count === 0) return sentence;
  const more = bad_count > bad.length ? [`and ${counted(bad_count - bad.length, 'line')} more`] : [];
  return [sentence, '', table(COLUMNS, bad, PLAIN), ...more].join('\n');
}
