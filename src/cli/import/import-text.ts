import type { Verdict } from '../../core/evaluation/verdict.ts';
import { counted, inert } from '../../core/quote.ts';
import { type Column, PLAIN, type Style, table } from '../table.ts';
import type { BadLine, Imported } from './import-files.ts';
import type { Tally, ToolTally } from './tally.ts';

const BAD_COLUMNS: readonly Column<BadLine>[] = [
  { title: 'file', align: 'left', cell: (bad) => bad.file },
  { title: 'line', align: 'right', cell: (bad) => String(bad.line) },
  { title: 'not used because', align: 'left', cell: (bad) => inert(bad.reason) },
];

const TOOL_COLUMNS: readonly Column<ToolTally>[] = [
  { title: 'tool', align: 'left', cell: (tool) => tool.tool_name },
  { title: 'calls', align: 'right', cell: (tool) => String(tool.calls) },
  { title: 'worked', align: 'right', cell: (tool) => share(tool) },
];
const TOOLS_SHOWN = 10;

/** The verdict after an import, or why there is none. */
export type Judged = { readonly verdict: Verdict } | { readonly skipped: string };

/** The readable form of `toolwise import`: one sentence, the lines that could not be used, what was told, and the verdict. */
export function importText(imported: Imported, judged: Judged, style: Style = PLAIN): string {
  const { files, dry_run, lines, added, known, bad, bad_count } = imported;
  const read = `Read ${counted(lines, 'line')} of ${counted(files.length, 'file')}`;
  const sentence = `${read}: ${added} ${dry_run ? 'would be added' : 'added'}, ${known} known already, ${bad_count} not usable.`;
  const more = bad_count > bad.length ? [`and ${counted(bad_count - bad.length, 'line')} more`] : [];
  const badTable = bad_count === 0 ? [] : [[table(BAD_COLUMNS, bad, style), ...more].join('\n')];
  return [sentence, ...badTable, ...toldSection(imported, style), 'verdict' in judged ? judged.verdict.sentence : judged.skipped].join(
    '\n\n',
  );
}

function toldSection({ told, formats }: Imported, style: Style): readonly string[] {
  if (told.calls === 0) return [];
  const names = Object.entries(formats).map(([format, count]) => `${format} (${counted(count, 'file')})`);
  const head = `${style.bold(`${counted(told.calls, 'call')}, ${share(told)} worked`)}: ${counted(told.tools.length, 'tool')}, ${counted(told.sessions, 'session')}, ${counted(told.episodes, 'episode')}; read as ${names.join(', ')}`;
  const shown = told.tools.slice(0, TOOLS_SHOWN);
  const rest = told.tools.length > shown.length ? [`and ${counted(told.tools.length - shown.length, 'tool')} more`] : [];
  return [[head, table(TOOL_COLUMNS, shown, style), ...rest].join('\n')];
}

function share({ calls, successes }: Pick<Tally, 'calls' | 'successes'>): string {
  return `${((100 * successes) / calls).toFixed(0)} %`;
}
