import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type ConfigPath, ConfigProblem } from './problem.ts';

/** The tree of JSON with comments and trailing commas; undefined: the text is empty but for comments. @throws ConfigProblem */
export function treeOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first !== undefined) throw new ConfigProblem(`it is not valid JSON (${wordsOf(first)})`, lineAt(text, first.offset));
  return tree;
}

/** Whether a reader of plain JSON would refuse the text, because of comments or trailing commas. */
export function isPlainJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export interface Found {
  /** The value asked for, or the innermost that leads to it. */
  readonly node: Node;
  /** How many steps of the path were there. */
  readonly depth: number;
}

/** Follows the path as far as it goes. Of a name that occurs twice, the last counts, as in JSON.parse. */
export function follow(tree: Node, path: ConfigPath): Found {
  let node = tree;
  for (const [depth, step] of path.entries()) {
    const next = memberOf(node, step);
    if (next === undefined) return { node, depth };
    node = next;
  }
  return { node, depth: path.length };
}

function memberOf(node: Node, step: string | number): Node | undefined {
  if (typeof step === 'number') return node.type === 'array' ? node.children?.[step] : undefined;
  if (node.type !== 'object') return undefined;
  return node.children?.findLast((property) => property.children?.[0]?.value === step)?.children?.[1];
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** "InvalidSymbol" as "invalid symbol". */
function wordsOf({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
