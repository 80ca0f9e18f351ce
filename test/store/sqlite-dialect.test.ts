import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { openDatabase, type Trx } from '../../src/store/database.ts';

const KINDS = 'CREATE TEMP TABLE kinds (k INTEGER PRIMARY KEY, t TEXT UNIQUE, i BIGINT, d DOUBLE PRECISION, b)';
const COLUMNS = ['t', 'i', 'd', 'b'] as const;
const LOOK = "SELECT concat_ws('|', typeof(t), quote(t), typeof(i), quote(i), typeof(d), quote(d), typeof(b), quote(b)) AS seen FROM kinds";

/** What a parameter may be: above all what a careless conversion would change. */
const awkward = fc.oneof(
  fc.constantFrom('007', '1e3', ' 12 ', '', '+5', '0x10', '9007199254740993', "it's", 'true', 'null', '12\u0000'),
  fc.constantFrom(0, -0, 1, 3.0, 0.1, -1e-9, 5e-324, Number.MAX_VALUE, 2 ** 52 - 1, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e300),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), null),
  fc.string(),
  fc.double({ noNaN: true }),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
);

const database = await openDatabase(':memory:');
await database.write((trx) => sql.raw(KINDS).execute(trx));
/** Takes the same statements with bare parameters, past Kysely. */
const bare = new Sqlite(':memory:');
bare.exec(KINDS);
afterAll(async () => {
  bare.close();
  await database.close();
});

async function stored(write: (trx: Trx) => Promise<unknown>): Promise<unknown> {
  return await database.write(async (trx) => {
    await sql`DELETE FROM kinds`.execute(trx);
    await write(trx);
    return (await sql.raw<{ seen: string }>(LOOK).execute(trx)).rows[0]?.seen;
  });
}

function storedBare(value: unknown): unknown {
  bare.exec('DELETE FROM kinds');
  bare.prepare('INSERT INTO kinds VALUES (1, ?, ?, ?, ?)').run(value, value, value, value);
  return bare.prepare(LOOK).pluck().get();
}

const insertion = (value: unknown) => sql`INSERT INTO kinds VALUES (1, ${value}, ${value}, ${value}, ${value})`;

describe('a parameter', () => {
  test('is written so that SQLite does not plan anew for each value', async () => {
    const compiled = await database.read(async (trx) => trx.selectFrom('tools').select('name').where('name', '=', 'a').limit(1).compile());
    expect(compiled.sql).toBe('select "name" from "tools" where "name" = +? limit +?');
  });

  test('is stored in a column of any type just as a bare one is', async () => {
    const same = fc.asyncProperty(awkward, async (value) => {
      expect(await stored((trx) => insertion(value).execute(trx))).toBe(storedBare(value));
    });
    await fc.assert(same);
  });

  test('keeps value and type when a conflict turns the insertion into a change', async () => {
    const same = fc.asyncProperty(awkward, async (value) => {
      const changed = await stored(async (trx) => {
        await insertion(0).execute(trx);
        const change = sql`DO UPDATE SET t = ${value}, i = ${value}, d = ${value}, b = ${value}`;
        await sql`INSERT INTO kinds VALUES (${1}, ${'x'}, 0, 0, 0) ON CONFLICT (k) ${change}`.execute(trx);
      });
      expect(changed).toBe(storedBare(value));
    });
    await fc.assert(same);
  });

  test('compares with a column of any type just as a bare one does', async () => {
    const same = fc.asyncProperty(awkward, awkward, async (kept, asked) => {
      const matches: number[] = [];
      await stored(async (trx) => {
        await insertion(kept).execute(trx);
        for (const column of COLUMNS) {
          const { rows } = await sql`SELECT k FROM kinds WHERE ${sql.ref(column)} IN (${asked}, ${asked})`.execute(trx);
          matches.push(rows.length);
        }
      });
      storedBare(kept);
      const bareMatches = COLUMNS.map((column) => bare.prepare(`SELECT k FROM kinds WHERE ${column} IN (?, ?)`).all(asked, asked).length);
      expect(matches).toEqual(bareMatches);
    });
    await fc.assert(same, { numRuns: 300 });
  });

  test('limits and skips rows, is calculated with and read as JSON', async () => {
    const found = await database.read(async (trx) => ({
      page: (await sql<{ value: number }>`SELECT value FROM json_each(${'[1, 2.5, 3, 4]'}) LIMIT ${2} OFFSET ${1}`.execute(trx)).rows,
      sum: (await sql<{ sum: number }>`SELECT 1 - ${0.1} + ${2} - ${-3} AS sum`.execute(trx)).rows,
    }));
    expect(found).toEqual({ page: [{ value: 2.5 }, { value: 3 }], sum: [{ sum: 1 - 0.1 + 2 + 3 }] });
  });
});
