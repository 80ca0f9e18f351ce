import { statSync } from 'node:fs';
import { counted } from '../../core/quote.ts';
import type { Engine } from '../../engine/engine.ts';
import type { HighWaterMark } from '../../store/high-water-mark.ts';
import type { FileState, LogShape } from '../../store/inspection.ts';
import { SCHEMA_VERSION } from '../../store/migrations.ts';
import type { Configuration } from '../settings/resolve.ts';
import { megabytes } from '../sizes.ts';
import { type Finding, note, ok, problem, warning } from './finding.ts';

/** A write-ahead log above this is not being folded back: something keeps an old view open. */
const WAL_WARNING_BYTES = 64 * 1024 * 1024;
/** Older ones can damage a database that several processes write. */
const OLDEST_SQLITE = [3, 51, 3] as const;
const FAULTS_TOLD = 5;

export function sqliteFinding({ sqlite_version }: Pick<FileState, 'sqlite_version'>): Finding {
  const parts = sqlite_version.split('.').map(Number);
  const at = OLDEST_SQLITE.findIndex((least, place) => (parts[place] ?? 0) !== least);
  const isOld = at >= 0 && (parts[at] ?? 0) < (OLDEST_SQLITE[at] ?? 0);
  if (!isOld) return ok('SQLite', sqlite_version);
  return problem(
    'SQLite',
    `${sqlite_version} can damage a file that several processes use; install better-sqlite3 with ${OLDEST_SQLITE.join('.')} or newer`,
  );
}

export function schemaFinding({ schema_version }: Pick<FileState, 'schema_version'>): Finding {
  return ok('schema', `version ${schema_version}${schema_version === SCHEMA_VERSION ? '' : ` of ${SCHEMA_VERSION}`}`);
}

/** Whether several processes can use the file at once, and whether its write-ahead log is folded back in time. */
export function journalFinding({ journal_mode }: Pick<FileState, 'journal_mode'>, { file, settings }: Configuration): Finding {
  const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (journal_mode !== 'wal' && settings.read_only) return note('journal', `mode ${journal_mode}: nobody has written to this file yet`);
  if (journal_mode !== 'wal') {
    const why = 'the file system does not allow a write-ahead log, as network drives do not; put the database on a local disk';
    return warning('journal', `mode ${journal_mode} instead of wal: ${why}`);
  }
  if (bytes <= WAL_WARNING_BYTES) return ok('journal', `write-ahead log, ${megabytes(bytes)}`);
  return warning(
    'journal',
    `the write-ahead log has grown to ${megabytes(bytes)}: a process keeps an old view of the database open; end it`,
  );
}

/** Damaged pages, rows that point to nothing. */
export async function integrityFindings(engine: Engine): Promise<readonly Finding[]> {
  const faults = await engine.database.integrity();
  if (faults.length === 0) return [ok('integrity', 'no damage, no row that points to nothing')];
  const more = faults.length > FAULTS_TOLD ? [problem('integrity', `and ${faults.length - FAULTS_TOLD} more`)] : [];
  return [...faults.slice(0, FAULTS_TOLD).map((fault) => problem('integrity', fault.split('\n').join(' '))), ...more];
}

/** Whether events that were once written are missing at the end. @param mark how far the log had come; null: not known */
export function markFinding(mark: HighWaterMark | null, { head, rewrite_count }: Pick<LogShape, 'head' | 'rewrite_count'>): Finding {
  if (mark === null) return note('newest event', `number ${head}; how far the log had come before is not known`);
  const missing = (rewrite_count > mark.rewrite_count ? 0 : Math.max(0, mark.log_position - head)) + mark.missing_events;
  if (missing === 0) return ok('newest event', `number ${head}, none is missing after it`);
  const why = 'the -wal file was removed, or an older copy took the place of the file';
  return problem('newest event', `number ${head}, but ${missing} more had been written: ${why}; only a backup may have them`);
}

/** Whether every event is there once, and as many as the counters say. */
export function logFindings(shape: LogShape): readonly Finding[] {
  const { head, pruned_position, pruned_executions, events, places, last_place, first_missing, executions, update_count, tool_calls } =
    shape;
  const missing = head - pruned_position - places;
  const faults = [
    ...(first_missing === null ? [] : [`${missing} of ${head} events are missing, the first of them number ${first_missing}`]),
    ...(events === places ? [] : [`${events - places} events stand in a place that another has`]),
    ...(last_place <= head ? [] : [`there is an event number ${last_place}, but only ${head} have been counted`]),
    ...(executions + pruned_executions === update_count ? [] : [executionsMessage(shape)]),
    ...(tool_calls === update_count ? [] : [`the tools' calls add up to ${tool_calls}, and ${update_count} executions were counted`]),
  ];
  if (faults.length > 0) return faults.map((fault) => problem('log', fault));
  const pruned = pruned_executions === 0 ? '' : `; the oldest ${pruned_executions} executions were removed to stay within the limits`;
  return [ok('log', `${counted(places, 'event')} without a gap, ${executions} of them calls${pruned}`)];
}

function executionsMessage({ executions, pruned_executions, update_count }: LogShape): string {
  const pruned = pruned_executions === 0 ? '' : ` and ${pruned_executions} were removed as too old`;
  return `${executions} executions are there${pruned}, but ${update_count} were counted`;
}
