import Database from 'better-sqlite3';

export type Row = Readonly<Record<string, unknown>>;

/** The rows of one query on a database file that a server may have open. Nothing is written. */
export function rowsOf(file: string, sql: string): readonly Row[] {
  const database = new Database(file, { readonly: true, timeout: 5_000 });
  try {
    return database.prepare<[], Row>(sql).all();
  } finally {
    database.close();
  }
}

/** The first column of the first row of a query. */
export function firstValueOf(file: string, sql: string): unknown {
  return Object.values(rowsOf(file, sql)[0] ?? {})[0];
}

/** Notices what other processes commit to a database file. */
export class CommitWatch {
  readonly #database: Database.Database;

  constructor(file: string) {
    this.#database = new Database(file, { readonly: true, timeout: 5_000 });
  }

  /** SQLite's `PRAGMA data_version`: two equal numbers mean that no other connection committed anything in between. */
  version(): unknown {
    return this.#database.pragma('data_version', { simple: true });
  }

  close(): void {
    this.#database.close();
  }
}

/** Every row of every table: two equal texts mean that nothing was written in between. */
export function contentOf(file: string): string {
  const tables = rowsOf(file, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name");
  return JSON.stringify(tables.map(({ name }) => [name, rowsOf(file, `SELECT * FROM "${String(name)}"`)]));
}
