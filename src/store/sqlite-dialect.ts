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

/** Milliseconds of waiting for a lock before it is given up. */
export const LOCK_DEADLINE_MS = 10_000;
/** Milliseconds that a transaction keeps the connection while it waits for the write lock. */
const TURN_MS = 250;
/** Longest pause between two attempts, milliseconds: short and random, so that waiting processes do not queue behind one another. */
const LOCK_PAUSE_MS = 20;
const STATEMENTS_KEPT = 256;

const BEGIN_WRITE = CompiledQuery.raw('BEGIN IMMEDIATE');
const BEGIN_READ = CompiledQuery.raw('BEGIN');
const COMMIT = CompiledQuery.raw('COMMIT');
/** Also the first read of a deferred transaction, which locks nothing before it. */
const REWRITES = CompiledQuery.raw('SELECT rewrite_count FROM log_state');

/**
 * Kysely on better-sqlite3 with what Kysely's own SQLite dialect lacks: transactions that begin IMMEDIATE (a deferred one fails
 * when two processes read before they write), an asynchronous wait for the lock, and statements prepared once.
 * @param onBegin is told at the start of every transaction how often the log has been rewritten, before anything else is read
 */
export function sqliteDialect(sqlite: BetterSqlite3.Database, onBegin: (rewrite_count: number) => void): Dialect {
  return {
    createDriver: () => new SqliteDriver(sqlite, onBegin),
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

/** Another process holds the write lock: the transaction did not begin. */
export class LockHeld extends Error {
  constructor(cause: unknown) {
    super('the write lock is held by another process', { cause });
  }
}

class SqliteDriver implements Driver {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #connection: SqliteConnection;
  readonly #onBegin: (rewrite_count: number) => void;

  constructor(sqlite: BetterSqlite3.Database, onBegin: (rewrite_count: number) => void) {
    this.#sqlite = sqlite;
    this.#connection = new SqliteConnection(sqlite);
    this.#onBegin = onBegin;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (settings.accessMode === 'read only') return await retryWhileBusy(() => this.#begin(connection, BEGIN_READ));
    await retryWhileBusy(() => this.#begin(connection, BEGIN_WRITE), TURN_MS).catch((error: unknown) => {
      throw isBusy(error) ? new LockHeld(error) : error;
    });
  }

  async #begin(connection: DatabaseConnection, begin: CompiledQuery): Promise<void> {
    await connection.executeQuery(begin);
    try {
      const { rows } = await connection.executeQuery<{ readonly rewrite_count: number }>(REWRITES);
      this.#onBegin(rows[0]?.rewrite_count ?? 0);
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

/** Runs `attempt` again, after a short random pause, while another process holds the lock; gives up after `patience_ms`. */
export async function retryWhileBusy(attempt: () => unknown, patience_ms = LOCK_DEADLINE_MS): Promise<void> {
  const deadline = performance.now() + patience_ms;
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
  return error instanceof Error && 'code' in error && /^SQLITE_(BUSY|PROTOCOL)/.test(String(error.code));
}
