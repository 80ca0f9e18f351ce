import type BetterSqlite3 from 'better-sqlite3';
import schema from '../../schema.sql';
import { StorageError } from '../errors.ts';
import learnerSnapshots from './migrations/2-learner-snapshots.sql';
import replayableLog from './migrations/3-replayable-log.sql';
import recorders from './migrations/4-recorders.sql';

/** Marks a file as toolwise's, so that a foreign database is never written: "TLWS" in ASCII. */
export const APPLICATION_ID = 0x544c5753;

/** One script a version: `MIGRATIONS[v]` takes a file from version v to v + 1. They only ever add; a script that has shipped is never changed. */
const MIGRATIONS: readonly string[] = [schema, learnerSnapshots, replayableLog, recorders];

interface FileMarks {
  readonly version: number;
  readonly application: number;
  readonly tables: number;
}

/** One statement, hence one moment: another process may be migrating meanwhile. */
const FILE_MARKS = `SELECT
  (SELECT user_version FROM pragma_user_version) AS version,
  (SELECT application_id FROM pragma_application_id) AS application,
  (SELECT count(*) FROM sqlite_schema) AS tables`;

export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the file to {@link SCHEMA_VERSION}. The version is read again inside the immediate transaction, so that of several
 * processes that start together exactly one migrates.
 * @param beforeUpgrade called by that one, with the version of the file as it still is; when it throws, nothing is changed
 */
export function migrate(sqlite: BetterSqlite3.Database, beforeUpgrade: (version: number) => void = () => {}): void {
  if (schemaVersion(sqlite) === SCHEMA_VERSION) return;
  const upgrade = sqlite.transaction(() => {
    const first = schemaVersion(sqlite);
    if (first > 0 && first < SCHEMA_VERSION) beforeUpgrade(first);
    for (let version = first; version < SCHEMA_VERSION; version++) {
      sqlite.exec(MIGRATIONS[version] ?? '');
      sqlite.pragma(`user_version = ${version + 1}`);
    }
    sqlite.pragma(`application_id = ${APPLICATION_ID}`);
  });
  upgrade.immediate();
}

/** @throws StorageError when the file was written by another version, which a reader must not change */
export function requireCurrent(sqlite: BetterSqlite3.Database): void {
  const version = schemaVersion(sqlite);
  if (version === SCHEMA_VERSION) return;
  throw new StorageError(
    'unusable',
    `the database has schema version ${version}, this toolwise reads ${SCHEMA_VERSION}; run toolwise collect or toolwise import, or start a server on it once, without --read-only, to bring it up to date`,
  );
}

export function foreignFile(): StorageError {
  return new StorageError('unusable', 'the database file belongs to another program; choose another --db');
}

/**
 * The version of the file's schema, 0 for an empty file.
 * @throws StorageError when the file is another program's or was written by a newer toolwise
 */
export function schemaVersion(sqlite: BetterSqlite3.Database): number {
  const { version, application, tables } = sqlite.prepare<[], FileMarks>(FILE_MARKS).get() ?? { version: 0, application: 0, tables: 0 };
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables > 0)) {
    throw foreignFile();
  }
  if (version > SCHEMA_VERSION) {
    throw new StorageError(
      'unusable',
      `the database has schema version ${version}, this toolwise knows ${SCHEMA_VERSION}; update toolwise or choose another --db`,
    );
  }
  return version;
}
