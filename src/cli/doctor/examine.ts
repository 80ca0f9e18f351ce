import { statSync } from 'node:fs';
import type { Engine } from '../../engine/engine.ts';
import type { Recomputed } from '../../engine/journal/check.ts';
import type { Progress } from '../../engine/journal/entries.ts';
import { readMark } from '../../store/high-water-mark.ts';
import { readFileState, readLogShape } from '../../store/inspection.ts';
import type { Diagnosis } from '../configure.ts';
import type { Configuration } from '../settings/resolve.ts';
import { isMissing, withEngine } from '../with-engine.ts';
import { integrityFindings, journalFinding, logFindings, markFinding, schemaFinding, sqliteFinding } from './file-checks.ts';
import { checked, type Examination, type Finding, isBad, note, ok, problem, warning } from './finding.ts';
import { recorderFindings } from './recorders.ts';
import { missingFinding, nodeFinding, permissionFindings, settingsFindings } from './surroundings.ts';
import { valueFindings } from './values.ts';
import { writeFinding } from './write-test.ts';

/** Makes every check that can be made. Throws nothing for a file that is missing, damaged, foreign or newer: that is a finding. */
export async function examine(diagnosis: Diagnosis, progress: Progress): Promise<Examination> {
  const { configuration } = diagnosis;
  const surroundings = [nodeFinding(process.versions.node), ...settingsFindings(diagnosis)];
  if (configuration === null) return { database: null, findings: surroundings, is_whole: true, differences: [], difference_count: 0 };
  // The findings say it all; a logger would say it again on stderr.
  const quiet: Configuration = { ...configuration, log_level: 'silent' };
  const place = await checked('database', async () => placeFindings(quiet));
  const isThere = place.every(({ check, verdict }) => check !== 'database' || verdict === 'ok');
  const { findings, is_whole, recomputed } = isThere ? await examineFile(quiet, progress) : NOTHING_FOUND;
  return {
    database: configuration.file,
    findings: [...surroundings, ...place, ...findings],
    is_whole,
    differences: recomputed?.differences ?? [],
    difference_count: recomputed?.difference_count ?? 0,
  };
}

/** Whether there is a file to look into, and who may. */
function placeFindings(configuration: Configuration): readonly Finding[] {
  const { file } = configuration;
  if (file === ':memory:') return [note('database', 'in memory: it belongs to one process only and is forgotten with it')];
  if (isMissing(configuration)) return [missingFinding(file)];
  const stats = statSync(file);
  if (!stats.isFile()) return [problem('database', `${file} is not a file; give the path of a file with --db`)];
  if (stats.size === 0) return [warning('database', 'is empty: if anything was learned, it is lost unless a backup has it')];
  return [ok('database', `${stats.size.toLocaleString('en')} bytes`), ...permissionFindings(file)];
}

interface FileFindings {
  readonly findings: readonly Finding[];
  readonly is_whole: boolean;
  readonly recomputed: Recomputed | null;
}

const NOTHING_FOUND: FileFindings = Object.freeze({ findings: [], is_whole: true, recomputed: null });

async function examineFile(configuration: Configuration, progress: Progress): Promise<FileFindings> {
  try {
    return await withEngine(configuration, 'read', (engine) => lookInto(engine, configuration, progress));
  } catch (error) {
    return { ...NOTHING_FOUND, findings: [problem('database', error instanceof Error ? error.message : String(error))] };
  }
}

async function lookInto(engine: Engine, configuration: Configuration, progress: Progress): Promise<FileFindings> {
  const state = await checked('schema', async () => {
    const file_state = await engine.read(readFileState);
    return [sqliteFinding(file_state), schemaFinding(file_state)];
  });
  const integrity = await checked('integrity', () => integrityFindings(engine));
  let is_whole = true;
  const log = await checked('log', async () => {
    const shape = await engine.read(readLogShape);
    is_whole = shape.pruned_executions === 0;
    return [markFinding(readMark(configuration.file), shape), ...logFindings(shape)];
  });
  const write = await checked('write test', () => writeFinding(configuration, engine));
  // Only now: a copy that nobody has written to is given its journal by the first who does.
  const journal = await checked('journal', async () => journalFinding(await engine.read(readFileState), configuration));
  const recorders = await checked('recorders', () => recorderFindings(engine, Date.now()));
  let recomputed: Recomputed | null = null;
  const values = await checked('learned values', async () => {
    const [compared, finding] = await valueFindings(engine, progress);
    recomputed = compared;
    return finding;
  });
  return { findings: [...state, ...integrity, ...log, ...write, ...journal, ...recorders, ...values], is_whole, recomputed };
}

/** Whether learning the log again would mend something, and nothing stands in the way: the file is sound, and the log goes back to its start. */
export function canBeRepaired({ findings, is_whole }: Examination): boolean {
  const bad = findings.filter(isBad).map(({ check }) => check);
  return (
    is_whole &&
    !bad.includes('integrity') &&
    !bad.includes('database') &&
    ['newest event', 'log', 'learned values'].some((check) => bad.includes(check))
  );
}
