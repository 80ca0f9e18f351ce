import type { Compilable, CompiledQuery, DialectAdapter } from 'kysely';
import type { Trx } from './database.ts';

/** Compiled forms kept of one query: lists of each length make a form of their own. */
const FORMS_KEPT = 64;

type Read = (values: object) => unknown;

/** Stands in a compiled query for a value that is only known when it runs. */
class Slot {
  readonly read: Read;

  constructor(read: Read) {
    this.read = read;
  }
}

/**
 * A query that is built and compiled once for each database and then only run: building costs more than SQLite needs to run it.
 * @param build makes the query from values as it would from real ones, but only passes them on: it must not look at them, because
 *   they are placeholders; only the lengths of lists are real
 * @returns runs the query; `values` has the same keys every time, its lists may differ in length
 */
export function prepared<Values extends object, Row>(
  build: (db: Trx, values: Values) => Compilable<Row>,
): (trx: Trx, values: Values) => Promise<Row[]> {
  // Of one database, hence of one dialect: its adapter outlives the executors of single transactions.
  const formsOf = new WeakMap<DialectAdapter, Map<string, CompiledQuery<Row>>>();
  return async (trx, values) => {
    const { adapter } = trx.getExecutor();
    const forms = formsOf.get(adapter) ?? new Map<string, CompiledQuery<Row>>();
    const shape = shapeOf(values);
    const form = forms.get(shape) ?? build(trx, slots(values, (given) => given) as Values).compile();
    if (!forms.has(shape)) {
      if (forms.size >= FORMS_KEPT) forms.clear();
      formsOf.set(adapter, forms.set(shape, form));
    }
    const parameters = form.parameters.map((parameter) => (parameter instanceof Slot ? parameter.read(values) : parameter));
    return (await trx.executeQuery<Row>({ ...form, parameters })).rows;
  };
}

/** The one row of a query that surely returns one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the statement returned no row');
  return row;
}

/** What decides the text of the query: how long its lists are. */
function shapeOf(values: object): string {
  let shape = '';
  for (const value of Object.values(values)) if (Array.isArray(value)) shape += `${value.length} `;
  return shape;
}

/** The same lists and objects with slots in place of their values. */
function slots(value: unknown, read: Read): unknown {
  if (typeof value !== 'object' || value === null) return new Slot(read);
  const part = (key: string | number): Read => {
    return (values) => (read(values) as Record<string | number, unknown>)[key];
  };
  if (Array.isArray(value)) return value.map((each, at) => slots(each, part(at)));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, slots(each, part(key))]));
}
