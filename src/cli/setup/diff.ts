import { inert } from '../../core/quote.ts';
import { redactText } from '../../core/redaction/redact-text.ts';
import type { Style } from '../table.ts';

const CONTEXT = 2;
/** Above so many pairs of lines the middle is shown as replaced as a whole. */
const MOST_PAIRS = 1_000_000;

export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The lines of both texts: those of `before` that are gone, those of `after` that are new, those that stayed. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const head = common(old, fresh);
  const tail = common(old.slice(head).reverse(), fresh.slice(head).reverse());
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ sign: ' ', text }));
  const middle = between(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  return [...same(old.slice(0, head)), ...middle, ...same(old.slice(old.length - tail))];
}

/** The change for a person: changed lines with two lines around them. Secrets in lines of others are not shown. */
export function diffText(before: string, after: string, style: Style): string {
  const lines = diffLines(before, after);
  const changed = lines.flatMap(({ sign }, at) => (sign === ' ' ? [] : [at]));
  const shown = lines.map((_line, at) => changed.some((place) => Math.abs(place - at) <= CONTEXT));
  return lines
    .flatMap((line, at) => (shown[at] === true ? [painted(line, style)] : shown[at - 1] === true ? [style.dim('  …')] : []))
    .join('\n');
}

function painted({ sign, text }: DiffLine, style: Style): string {
  if (sign === '+') return style.bold(`+ ${shownLine(text)}`);
  return style.dim(`${sign} ${shownLine(redactText(text))}`);
}

/** Configuration files may be indented with tabs. */
function shownLine(text: string): string {
  return inert(text.replaceAll('\t', '  '));
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

function common(a: readonly string[], b: readonly string[]): number {
  const end = a.findIndex((line, at) => line !== b[at]);
  return end === -1 ? Math.min(a.length, b.length) : end;
}

/** Longest common subsequence. */
function between(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  const replaced = (): DiffLine[] => [...signed('-', old), ...signed('+', fresh)];
  if (old.length === 0 || fresh.length === 0 || old.length * fresh.length > MOST_PAIRS) return replaced();
  const lengths = table(old, fresh);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) [lines[lines.length], i, j] = [{ sign: ' ', text: old[i] ?? '' }, i + 1, j + 1];
    else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) lines.push({ sign: '-', text: old[i++] ?? '' });
    else lines.push({ sign: '+', text: fresh[j++] ?? '' });
  }
  return [...lines, ...signed('-', old.slice(i)), ...signed('+', fresh.slice(j))];
}

function signed(sign: '-' | '+', lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ sign, text }));
}

/** Length of the longest common subsequence of what follows each pair of places. */
function table(old: readonly string[], fresh: readonly string[]): readonly Int32Array[] {
  const rows = Array.from({ length: old.length + 1 }, () => new Int32Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    const [row, below] = [rows[i], rows[i + 1]];
    if (row === undefined || below === undefined) continue;
    for (let j = fresh.length - 1; j >= 0; j--) {
      row[j] = old[i] === fresh[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}
