import { cutBetweenTokens } from './cut.ts';
import { CUT, marker, startsWithMarker } from './markers.ts';
import { redactText } from './redact-text.ts';
import { type Sensitivity, sensitivity } from './sensitive-keys.ts';

/** What is kept of arguments; what is over is replaced by `[cut]`. */
const LONGEST_VALUE = 4096;
const LONGEST_KEY = 256;
const LONGEST_IN_ALL = 65_536;
const MOST_KEYS = 100;
const MOST_ITEMS = 1000;
const DEEPEST = 16;

/** Fields that name what the field beside them holds: `{"name": "Authorization", "value": …}`. */
const NAMING = ['name', 'key', 'header', 'field', 'parameter'];
const NAMED: ReadonlySet<string> = new Set(['value', 'values', 'val', 'default']);
const FLAG = /^--?[A-Za-z][\w-]*$/;

/** Characters that may still be kept. */
interface Budget {
  left: number;
}

/**
 * The JSON value without secrets: texts as `redactText` leaves them, whole values of sensitive names, and names that are themselves secrets.
 * Cut first: 4,096 characters a text, 65,536 in all, 16 levels, 100 names an object, 1,000 items a list. Linear in what is kept.
 */
export function redactJson(value: unknown): unknown {
  return redacted(value, 'none', 0, { left: LONGEST_IN_ALL });
}

function redacted(value: unknown, kind: Sensitivity, depth: number, budget: Budget): unknown {
  if (budget.left <= 0) return CUT;
  budget.left -= 8;
  if (typeof value === 'string') return redactedText(value, kind, budget);
  if (typeof value === 'number') return kind === 'secret' ? marker('sensitive-key') : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return CUT;
  return Array.isArray(value) ? redactedList(value, kind, depth, budget) : redactedObject(value, kind, depth, budget);
}

function redactedText(text: string, kind: Sensitivity, budget: Budget): string {
  const short = cutBetweenTokens(text, Math.min(LONGEST_VALUE, Math.max(CUT.length, budget.left)));
  budget.left -= short.length;
  if (kind === 'none') return redactText(short);
  return text === '' || startsWithMarker(text, 0) || text === CUT ? text : marker('sensitive-key');
}

function redactedList(list: readonly unknown[], kind: Sensitivity, depth: number, budget: Budget): unknown[] {
  const items = list
    .slice(0, MOST_ITEMS)
    .map((item, at) => redacted(item, kind === 'none' ? afterFlag(list[at - 1]) : kind, depth + 1, budget));
  return list.length > MOST_ITEMS ? [...items, CUT] : items;
}

/** `["--password", "hunter2"]`, `["Authorization", "Bearer …"]`. */
function afterFlag(before: unknown): Sensitivity {
  if (typeof before !== 'string') return 'none';
  return FLAG.test(before) || /^(?:proxy-)?authorization$|^x-api-key$|^(?:set-)?cookie$/i.test(before) ? sensitivity(before) : 'none';
}

function redactedObject(object: object, kind: Sensitivity, depth: number, budget: Budget): object {
  const entries = Object.entries(object);
  const beside = besideOf(entries);
  const used = new Map<string, number>();
  const kept = entries.slice(0, MOST_KEYS).map(([key, value]): [string, unknown] => {
    const own = NAMED.has(key) && beside !== 'none' ? beside : sensitivity(key);
    budget.left -= Math.min(key.length, LONGEST_KEY);
    return [unusedName(redactKey(key), used), redacted(value, kind === 'none' ? own : kind, depth + 1, budget)];
  });
  const more = entries.length - kept.length;
  return Object.fromEntries(more > 0 ? [...kept, [CUT, more]] : kept);
}

function besideOf(entries: readonly (readonly [string, unknown])[]): Sensitivity {
  const naming = entries.find(([key, value]) => NAMING.includes(key) && typeof value === 'string' && sensitivity(value) !== 'none');
  return naming === undefined ? 'none' : sensitivity(String(naming[1]));
}

/** The name of a field, unless it is a secret or too long. */
export function redactKey(key: string): string {
  return redactText(cutBetweenTokens(key, LONGEST_KEY));
}

/** Two secrets as names would be one name after redaction. */
function unusedName(name: string, used: Map<string, number>): string {
  const count = (used.get(name) ?? 0) + 1;
  used.set(name, count);
  return count === 1 ? name : `${name} ${count}`;
}
