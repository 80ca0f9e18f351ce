import { isDeepStrictEqual } from 'node:util';
import { getNodeValue, type Node } from 'jsonc-parser';
import { beginsLine, indentAt, type Layout, layoutOf, rendered, textOf, withoutComments } from './json-layout.ts';
import { follow, lineAt, treeOf } from './json-tree.ts';
import { type ConfigFormat, type ConfigPath, ConfigProblem } from './problem.ts';

/** JSON, with or without comments. Only the text of the member that changes is touched: all else stays to the byte. */
export const JSON_TEXT: ConfigFormat = Object.freeze({ valueAt, setValue, removeValue });

function valueAt(text: string, path: ConfigPath): unknown {
  const tree = treeOf(text);
  if (tree === undefined) return undefined;
  const { node, depth } = follow(tree, path);
  return depth === path.length ? plain(node) : undefined;
}

/** As JSON.parse gives it. */
function plain(node: Node): unknown {
  return JSON.parse(JSON.stringify(getNodeValue(node)));
}

function setValue(text: string, path: ConfigPath, value: unknown): string {
  const tree = treeOf(text);
  if (tree === undefined) return `${text.trim() === '' ? '' : `${text.trimEnd()}\n`}${JSON.stringify(nested(path, value), null, 2)}\n`;
  const layout = layoutOf(text, tree);
  const { node, depth } = follow(tree, path);
  const step = path[depth];
  if (step !== undefined) return insert(text, holder(text, node, path, depth), step, nested(path.slice(depth + 1), value), layout);
  if (isDeepStrictEqual(plain(node), value)) return text;
  const there = rendered(value, layout.spread && textOf(text, node).includes('\n'), indentAt(text, node.offset), layout);
  return text.slice(0, node.offset) + there + text.slice(node.offset + node.length);
}

/** The object or array that gets the new member. */
function holder(text: string, node: Node, path: ConfigPath, depth: number): Node {
  if (node.type === (typeof path[depth] === 'number' ? 'array' : 'object')) return node;
  const name = depth === 0 ? 'the whole' : `"${path.slice(0, depth).join('.')}"`;
  throw new ConfigProblem(`${name} is ${node.type === 'null' ? 'null' : `of type ${node.type}`}, not an object`, lineAt(text, node.offset));
}

/** The value inside the objects that lead to it. */
function nested(path: ConfigPath, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);
}

function insert(text: string, into: Node, key: string | number, value: unknown, layout: Layout): string {
  const { from, close, between, last } = endOf(text, into);
  const trailing = last !== undefined && withoutComments(between).includes(',') ? ',' : '';
  const comma = last === undefined || trailing !== '' ? '' : ',';
  const kept = between.trimEnd();
  const rest = between.slice(kept.length);
  const head = text.slice(0, from) + comma + kept;
  const name = typeof key === 'string' ? `${JSON.stringify(key)}:${layout.spread ? ' ' : ''}` : '';
  if (!layout.spread || (last !== undefined && !textOf(text, into).includes('\n'))) {
    const blank = comma !== '' && layout.spread ? ' ' : '';
    return head + blank + name + rendered(value, false, '', layout) + trailing + rest + text.slice(close);
  }
  const indent = indentOfMembers(text, into, layout);
  const end = rest.includes('\n') ? rest : layout.line_end + indentAt(text, into.offset);
  return head + layout.line_end + indent + name + rendered(value, true, indent, layout) + trailing + end + text.slice(close);
}

/** What stands between the last member and the bracket that closes. */
function endOf(text: string, into: Node) {
  const last = into.children?.at(-1);
  const from = last === undefined ? into.offset + 1 : last.offset + last.length;
  const close = into.offset + into.length - 1;
  return { from, close, between: text.slice(from, close), last };
}

function indentOfMembers(text: string, into: Node, { unit }: Layout): string {
  const beginning = into.children?.find((member) => beginsLine(text, member.offset));
  return beginning === undefined ? indentAt(text, into.offset) + unit : indentAt(text, beginning.offset);
}

function removeValue(text: string, path: ConfigPath): string {
  const tree = treeOf(text);
  if (tree === undefined) return text;
  const { node, depth } = follow(tree, path);
  if (depth !== path.length) return text;
  const member = node.parent?.type === 'property' ? node.parent : node;
  const holding = member.parent;
  return holding === undefined ? text : without(text, holding, holding.children?.indexOf(member) ?? 0);
}

/** Takes one member out, with one comma and the white space before it. */
function without(text: string, holding: Node, at: number): string {
  const members = holding.children ?? [];
  const ends = members.map(({ offset, length }) => offset + length);
  const open = holding.offset + 1;
  const close = holding.offset + holding.length - 1;
  const before = ends[at - 1] ?? open;
  const start = members[at]?.offset ?? open;
  const end = ends[at] ?? open;
  const comma = withoutComments(text.slice(end, members[at + 1]?.offset ?? close)).indexOf(',');
  const kept = keptBefore(text.slice(before, start).trimEnd(), comma === -1);
  const rest = text.slice(end + comma + 1, close);
  if (members.length === 1 && kept === '' && rest.trim() === '') return text.slice(0, open) + text.slice(close);
  const lineEnd = kept.includes('//') && !/^[ \t]*\r?\n/.test(rest) ? '\n' : '';
  return text.slice(0, before) + kept + lineEnd + rest + text.slice(close);
}

/** What stands between the member before and this one; without its comma when nothing follows. */
function keptBefore(between: string, isLast: boolean): string {
  const comma = withoutComments(between).indexOf(',');
  return isLast && comma !== -1 ? between.slice(0, comma) + between.slice(comma + 1) : between;
}
