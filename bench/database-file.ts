import { createHash } from 'node:crypto';
import { copyFileSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** What the trials do to a database that no server has open: fill it, count in it, weigh it. Columns as in schema.sql. */

const ROWS_A_CONTEXT = 10;

function withDatabase<T>(file: string, work: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(file, { fileMustExist: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function numberOf(db: Sqlite.Database, sql: string): number {
  return Number(db.prepare(sql).pluck().get());
}

/**
 * Adds rows to action_values, straight into the file, until it holds `rows`: contexts of ten rows each, over all tools. (Through the
 * server the largest size would take 30,000 executions; what recommend_tools reads is the same.)
 */
export function fillActionValues(file: string, rows: number): void {
  withDatabase(file, (db) => {
    const tools = db.prepare('SELECT tool_id FROM tools ORDER BY tool_id').pluck().all() as number[];
    const context = db.prepare("INSERT INTO contexts (context_id, context_hash, level) VALUES (?, ?, 'exact')");
    const value = db.prepare(
      'INSERT INTO action_values (context_id, tool_id, q_value, success_rate, visit_count, updated_at_ms) VALUES (?, ?, ?, 0.8, 3, ?)',
    );
    const missing = rows - numberOf(db, 'SELECT count(*) FROM action_values');
    db.transaction(() => {
      let context_id = 0;
      for (let row = 0; row < missing; row += 1) {
        if (row % ROWS_A_CONTEXT === 0) {
          const hash = createHash('sha256').update(`bench ${row}`).digest('hex');
          context_id = Number.parseInt(hash.slice(0, 13), 16);
          context.run(context_id, hash);
        }
        value.run(context_id, tools[(row * 7) % tools.length], 10 * Math.sin(row), Date.now());
      }
    })();
  });
}

/** The whole of a database that no server has open. */
export function copyDatabase(from: string, to: string): void {
  withDatabase(from, (db) => db.pragma('wal_checkpoint(TRUNCATE)'));
  copyFileSync(from, to);
}

/** Executions that are in the log and in the totals of their tools. */
export function keptExecutions(file: string): number {
  return withDatabase(file, (db) =>
    Math.min(numberOf(db, 'SELECT count(*) FROM executions'), numberOf(db, 'SELECT coalesce(sum(total_calls), 0) FROM tools')),
  );
}

/** Bytes of the file after a checkpoint, and of each table with its indexes, largest first. */
export function weigh(file: string): { readonly bytes: number; readonly tables: ReadonlyMap<string, number> } {
  return withDatabase(file, (db) => {
    db.pragma('wal_checkpoint(TRUNCATE)');
    const sizes = db.prepare(
      `SELECT m.tbl_name AS name, sum(s.pgsize) AS bytes FROM dbstat AS s JOIN sqlite_schema AS m ON m.name = s.name
       WHERE s.aggregate = TRUE GROUP BY m.tbl_name ORDER BY bytes DESC`,
    );
    const tables = new Map((sizes.all() as { name: string; bytes: number }[]).map(({ name, bytes }) => [name, bytes]));
    return { bytes: statSync(file).size, tables };
  });
}
