import { parse } from 'smol-toml';

/** Lines of a table, from its header on: [from, to). */
export type Block = readonly [from: number, to: number];

const HEADER = /^\s*\[\s*([^[\]]+?)\s*\]\s*(?:#.*)?\r?$/;
const ANY_HEADER = /^\s*\[/;
const BLANK_OR_COMMENT = /^\s*(?:#.*)?\r?$/;

/** The table of these names and the tables in it. Comments before the next header belong to that one. */
export function blocksOf(text: string, names: readonly string[]): readonly Block[] {
  const lines = text.split('\n');
  return lines.flatMap((line, from): readonly Block[] => {
    const header = namesIn(line);
    if (header === null || !names.every((name, at) => header[at] === name)) return [];
    const next = lines.findIndex((other, at) => at > from && ANY_HEADER.test(other) && !isInside(lines.slice(from + 1, at + 1)));
    let to = next === -1 ? lines.length : next;
    while (to > from + 1 && BLANK_OR_COMMENT.test(lines[to - 1] ?? '')) to--;
    return [[from, to]];
  });
}

function namesIn(line: string): readonly string[] | null {
  const header = HEADER.exec(line)?.[1];
  if (header === undefined) return null;
  const names: string[] = [];
  let value: unknown = attempt(`[${header}]`);
  while (typeof value === 'object' && value !== null) {
    const [name] = Object.keys(value);
    if (name === undefined) return names;
    names.push(name);
    value = (value as Record<string, unknown>)[name];
  }
  return null;
}

/** Whether the last of these lines is in the middle of a list that goes over several lines. */
function isInside(lines: readonly string[]): boolean {
  return attempt(lines.slice(0, -1).join('\n')) === null;
}

/** The lines of a key in the block, [from, to); both the end of the block when it has none. */
export function keyRange(lines: readonly string[], [from, to]: Block, key: string): readonly [number, number] {
  const start = lines.findIndex((line, at) => at > from && at < to && new RegExp(`^\\s*(["']?)${key}\\1\\s*=`).test(line));
  if (start === -1) return [to, to];
  for (let end = start + 1; end <= to; end++) if (attempt(lines.slice(start, end).join('\n')) !== null) return [start, end];
  return [start, to];
}

/** The text without the blocks, each with the blank line before it. */
export function without(text: string, blocks: readonly Block[]): string {
  const lines = text.split('\n');
  for (const [from, to] of blocks.toReversed()) {
    const start = from > 0 && lines[from - 1]?.trim() === '' ? from - 1 : from;
    lines.splice(start, to - start);
  }
  const left = lines.join('\n');
  return left === '' || left.endsWith('\n') || !text.endsWith('\n') ? left : `${left}\n`;
}

export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function attempt(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
