import { setTimeout as sleep } from 'node:timers/promises';
import type BetterSqlite3 from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';

/** Milliseconds a transaction waits for the write lock before it gives up. */
const LOCK_DEADLINE_MS = 10_000;
/** Longest pause between two attempts, milliseconds: short and random, so that waiting processes do not queue behind one another. */
const LOCK_PAUSE_MS = 20;
const STATEMENTS_KEPT = 256;

const BEGIN_WRITE = CompiledQuery.raw('BEGIN IMMEDIATE');
const BEGIN_READ = CompiledQuery.raw('BEGIN');
const COMMIT = CompiledQuery.raw('COMMIT');
const FIRST_READ = CompiledQuery.raw('SELECT 1 FROM sqlite_schema LIMIT 1');

/**
 * Kysely on better-sqlite3 with what Kysely's own SQLite dialect lacks: transactions that begin IMMEDIATE (a deferred one fails
 * when two processes read before they write), an asynchronous wait for the lock, and statements prepared once.
 */
export function sqliteDialect(sqlite: BetterSqlite3.Database): Dialect {
  return {
    createDriver: () => new SqliteDriver(sqlite),
    createQueryCompiler: () => new StablePlanCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/**
 * Writes `+?` where Kysely writes `?`. SQLite plans a statement anew each time the value of a bare parameter changes that its planner
 * looked at (STAT4: any `= ?` with an ORDER BY or a LEFT JOIN, any `LIMIT ?`), which takes longer than running it. The unary plus is
 * no operation: the value, its type and the affinities of the comparison stay the same (https://sqlite.org/lang_expr.html#operators).
 */
class StablePlanCompiler extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '+?';
  }
}

class SqliteDriver implements Driver {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #connection: SqliteConnection;

  constructor(sqlite: BetterSqlite3.Database) {
    this.#sqlite = sqlite;
    this.#connection = new SqliteConnection(sqlite);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await retryWhileBusy(() => (settings.accessMode === 'read only' ? this.#beginRead(connection) : connection.executeQuery(BEGIN_WRITE)));
  }

  /** A deferred transaction locks nothing before its first read: that one is made here, where a busy file is waited for. */
  async #beginRead(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(BEGIN_READ);
    try {
      await connection.executeQuery(FIRST_READ);
    } catch (error) {
      await this.rollbackTransaction(connection);
      throw error;
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await retryWhileBusy(() => connection.executeQuery(COMMIT));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or a corrupt page has already rolled it back; asking again would hide the error that did.
    if (this.#sqlite.inTransaction) await connection.executeQuery(CompiledQuery.raw('ROLLBACK'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#sqlite.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();

  constructor(sqlite: BetterSqlite3.Database) {
    this.#sqlite = sqlite;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = this.#prepare(query.sql);
    if (statement.reader) return { rows: statement.all(...query.parameters) as Row[] };
    const { changes } = statement.run(...query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: a cursor held across awaits would pin the write-ahead log, so there is none
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not supported: read a page at a time');
  }

  #prepare(sql: string): BetterSqlite3.Statement<unknown[]> {
    const statement = this.#statements.get(sql) ?? this.#sqlite.prepare<unknown[]>(sql);
    this.#statements.delete(sql); // set again below: a Map keeps the order of insertion, so the first is the least recently used
    this.#statements.set(sql, statement);
    const [oldest] = this.#statements.size > STATEMENTS_KEPT ? this.#statements.keys() : [];
    if (oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }
}

/** Runs `attempt` again, after a short random pause, while another process holds the lock; gives up after ten seconds. */
export async function retryWhileBusy(attempt: () => unknown): Promise<void> {
  const deadline = performance.now() + LOCK_DEADLINE_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(1 + Math.random() * (LOCK_PAUSE_MS - 1));
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY');
}
