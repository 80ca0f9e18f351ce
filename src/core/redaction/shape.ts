import { CUT } from './markers.ts';
import { redactKey } from './redact-json.ts';

const MOST_KEYS = 100;
const MOST_ITEMS = 20;
const DEEPEST = 16;
const MOST_VALUES = 8192;

/** Values that may still be described. */
interface Budget {
  left: number;
}

/**
 * What a JSON value looks like, without what it says: names, types and lengths. `{"path": "string(12)", "limit": "number()"}`; lists and
 * objects keep their form down to 16 levels. Names that are secrets are redacted.
 */
export function shapeOf(value: unknown): unknown {
  return shaped(value, 0, { left: MOST_VALUES });
}

function shaped(value: unknown, depth: number, budget: Budget): unknown {
  budget.left -= 1;
  if (typeof value === 'string') return `string(${value.length})`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null()' : `${typeof value}()`;
  if (depth >= DEEPEST || budget.left <= 0) return CUT;
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => shaped(item, depth + 1, budget));
    return value.length > MOST_ITEMS ? [...items, CUT] : items;
  }
  const entries = Object.entries(value);
  const kept = entries.slice(0, MOST_KEYS).map(([key, inner]): [string, unknown] => [redactKey(key), shaped(inner, depth + 1, budget)]);
  return Object.fromEntries(entries.length > MOST_KEYS ? [...kept, [CUT, entries.length - MOST_KEYS]] : kept);
}
