import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase, type Trx } from '../../src/store/database.ts';
import { onlyRow, prepared } from '../../src/store/prepared.ts';
import { insertTool } from '../../src/store/tools.ts';
import { temporaryFolder } from '../helpers/engine.ts';

async function withTools(...names: readonly string[]): Promise<Database> {
  const database = await openDatabase(join(temporaryFolder(), 'test.db'));
  onTestFinished(() => database.close());
  await database.write(async (trx) => {
    for (const name of names) await insertTool(trx, name);
  });
  return database;
}

/** A query of two lists, one of them of objects, and a constant; `built` counts how often it is built. */
function countedQuery() {
  const count = { built: 0 };
  interface Values {
    readonly names: readonly string[];
    readonly least: { readonly tool_id: number };
  }
  const query = prepared((db: Trx, values: Values) => {
    count.built++;
    return db
      .selectFrom('tools')
      .select('name')
      .where('name', 'in', values.names)
      .where('tool_id', '>=', values.least.tool_id)
      .where('total_calls', '=', 0)
      .orderBy('tool_id');
  });
  return { count, query };
}

describe('a prepared query', () => {
  test('is built once and gives each call the rows of its own values', async () => {
    const database = await withTools('a', 'b', 'c');
    const { count, query } = countedQuery();
    const ask = (names: readonly string[], tool_id: number) => database.read((trx) => query(trx, { names, least: { tool_id } }));
    expect(await ask(['a', 'c'], 1)).toEqual([{ name: 'a' }, { name: 'c' }]);
    expect(await ask(['b', 'c'], 3)).toEqual([{ name: 'c' }]);
    expect(await ask(['none', 'a'], 2)).toEqual([]);
    expect(count.built).toBe(1);
  });

  test('is built once more for a list of another length and for another database', async () => {
    const { count, query } = countedQuery();
    for (const database of [await withTools('a', 'b'), await withTools('b', 'c')]) {
      for (const names of [['b'], ['a'], ['b', 'c']]) await database.read((trx) => query(trx, { names, least: { tool_id: 1 } }));
    }
    expect(count.built).toBe(4);
  });

  test('takes its values by key, whatever their order', async () => {
    const database = await withTools();
    const both = prepared((db: Trx, values: { readonly first: string; readonly second: string }) => ({
      compile: () => sql<{ pair: string }>`SELECT ${values.first} || ${values.second} AS pair`.compile(db),
    }));
    await database.read(async (trx) => {
      expect(await both(trx, { first: 'x', second: 'y' })).toEqual([{ pair: 'xy' }]);
      expect(await both(trx, { second: 'y', first: 'x' })).toEqual([{ pair: 'xy' }]);
    });
  });

  test('answers rightly however many lengths of lists came before', async () => {
    const database = await withTools('t0', 't59');
    const { count, query } = countedQuery();
    const lengths = [...Array(100).keys(), ...Array(100).keys()].map((at) => at + 1);
    await database.read(async (trx) => {
      for (const length of lengths) {
        const names = Array.from({ length }, (_, at) => `t${at}`);
        expect((await query(trx, { names, least: { tool_id: 1 } })).length).toBe(length >= 60 ? 2 : 1);
      }
    });
    expect(count.built).toBeGreaterThan(100);
  });
});

describe('the only row', () => {
  test('is the first, and its absence is an error', () => {
    expect(onlyRow([7])).toBe(7);
    expect(() => onlyRow([])).toThrow('returned no row');
  });
});
