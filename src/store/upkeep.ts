import type BetterSqlite3 from 'better-sqlite3';

/** Rows of an index that the planner's statistics are estimated from, so that it takes milliseconds. */
const ANALYSED_ROWS = 400;

interface BrokenReference {
  readonly table: string;
  readonly rowid: number | null;
  readonly parent: string;
}

/** What is wrong with the file, a sentence each. Reads every page. */
export function findings(sqlite: BetterSqlite3.Database): string[] {
  const damaged = rowsOf<{ readonly integrity_check: string }>(sqlite, 'integrity_check(100)');
  const broken = rowsOf<BrokenReference>(sqlite, 'foreign_key_check');
  return [
    ...damaged.rows.map((row) => row.integrity_check).filter((text) => text !== 'ok'),
    ...damaged.failure,
    ...broken.rows.map(({ table, rowid, parent }) => `row ${rowid} of ${table} refers to a row of ${parent} that does not exist`),
    ...broken.failure,
  ];
}

/** A check can come upon damage that ends it: that is a finding, too. */
function rowsOf<Row>(
  sqlite: BetterSqlite3.Database,
  check: string,
): { readonly rows: readonly Row[]; readonly failure: readonly string[] } {
  try {
    return { rows: sqlite.pragma(check) as Row[], failure: [] };
  } catch (error) {
    return { rows: [], failure: [`${check} ended early: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

/** Statistics for the planner where they would help, and the write-ahead log written back as far as nobody reads it. Waits for nobody. */
export function tidy(sqlite: BetterSqlite3.Database): void {
  if (sqlite.readonly) return;
  sqlite.pragma(`analysis_limit = ${ANALYSED_ROWS}`);
  sqlite.pragma('optimize');
  sqlite.pragma('wal_checkpoint(PASSIVE)');
}

/** Writes the whole log back and empties its file, so that no earlier content is left in it. false: somebody reads from it just now. */
export function emptiedLog(sqlite: BetterSqlite3.Database): boolean {
  if (sqlite.readonly || sqlite.memory) return true;
  const [result] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
  return result?.busy === 0;
}
