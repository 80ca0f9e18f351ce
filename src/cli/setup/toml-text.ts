import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, TomlError } from 'smol-toml';
import { type ConfigFormat, type ConfigPath, ConfigProblem } from './problem.ts';
import { blocksOf, keyRange, lineEndOf, without } from './toml-blocks.ts';

/** TOML, for tables two names deep. The text is changed line by line; what it then says is compared with what it said before. */
export const TOML_TEXT: ConfigFormat = Object.freeze({ valueAt, setValue, removeValue });

type Table = Record<string, unknown>;

function valueAt(text: string, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, step) => (isTable(value) && Object.hasOwn(value, step) ? value[step] : undefined), read(text));
}

function setValue(text: string, path: ConfigPath, value: unknown): string {
  if (isDeepStrictEqual(valueAt(text, path), value)) return text;
  const [table = '', name = '', key] = path;
  if (key === undefined) return checked(text, appended(removeValue(text, path), `${table}.${name}`, value as Table), path);
  const block = blocksOf(text, [String(table), String(name)])[0];
  if (block === undefined) throw inline(path);
  const lines = text.split('\n');
  const lineEnd = lineEndOf(text).slice(0, -1);
  const [from, to] = keyRange(lines, block, String(key));
  lines.splice(from, to - from, ...assignments({ [key]: value }).map((line) => line + lineEnd));
  return checked(text, lines.join('\n'), path);
}

function removeValue(text: string, path: ConfigPath): string {
  if (valueAt(text, path) === undefined) return text;
  const [table = '', name = ''] = path;
  const blocks = blocksOf(text, [String(table), String(name)]);
  if (blocks.length === 0) throw inline(path);
  return checked(text, without(text, blocks), path);
}

/** @throws ConfigProblem when it is no TOML */
function read(text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [, reason = 'it cannot be read'] = /^Invalid TOML document: (.*)/.exec(error.message) ?? [];
    throw new ConfigProblem(`it is not valid TOML (${reason})`, error.line);
  }
}

function appended(text: string, header: string, value: Table): string {
  const lineEnd = lineEndOf(text);
  const gap = text === '' ? '' : text.endsWith('\n') ? lineEnd : lineEnd + lineEnd;
  return text + gap + [`[${header}]`, ...assignments(value)].map((line) => line + lineEnd).join('');
}

function assignments(value: Table): string[] {
  return stringify(value).trimEnd().split('\n');
}

/** @throws ConfigProblem unless the two texts say the same but for what is at the path */
function checked(before: string, after: string, path: ConfigPath): string {
  try {
    if (isDeepStrictEqual(rest(before, path), rest(after, path))) return after;
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
  }
  throw inline(path);
}

/** Everything but the table at the first two names. */
function rest(text: string, [table = '', name = '']: ConfigPath): Table {
  const { [table]: tables = {}, ...others } = read(text);
  if (!isTable(tables)) return { ...others, [table]: tables };
  const { [name]: _, ...siblings } = tables;
  return { ...others, [table]: siblings };
}

function inline(path: ConfigPath): ConfigProblem {
  const name = path.slice(0, 2).join('.');
  return new ConfigProblem(
    `${name} is not written as a table of its own, so it cannot be changed safely; change it by hand (toolwise setup codex --print)`,
  );
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
