import { readSeed } from '../../store/learner-snapshots.ts';
import type { Engine } from '../engine.ts';
import { settingsById } from './copy.ts';
import { entriesOf, type Progress } from './entries.ts';
import { LINES_FORMAT, lineOf } from './lines.ts';

/** The whole log as lines of JSON without their ends: what `importLines` makes the same database from. */
export async function* exportLines(engine: Engine, progress?: Progress): AsyncGenerator<string> {
  const seed = (await engine.read(readSeed)) ?? null;
  yield JSON.stringify({ kind: 'toolwise', format: LINES_FORMAT, seed });
  for (const [settings_id, settings] of await engine.read(settingsById))
    yield JSON.stringify({ kind: 'settings', settings_id, ...settings });
  for await (const { entry } of entriesOf(engine, { progress })) yield lineOf(entry);
}
