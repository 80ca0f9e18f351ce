import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { counted, inert } from '../../core/quote.ts';
import type { Engine } from '../../engine/engine.ts';
import { takenBytes } from '../../store/spool.ts';
import { PROBLEMS } from '../hook/problems.ts';
import { spoolNames } from '../spool/collect.ts';
import { spoolFolder } from '../spool/folder.ts';
import { type Finding, note, ok, warning } from './finding.ts';

const CHECK = 'recorders';
/** What went wrong longer ago is only worth a note, milliseconds. */
const RECENT_MS = 86_400_000;

/** Whether what hooks and wrapped servers saw was taken in, and what they could not do. No spool: nothing records here. */
export async function recorderFindings(engine: Engine, now_ms: number): Promise<readonly Finding[]> {
  const folder = spoolFolder(engine.file);
  const names = spoolNames(folder);
  if (names === null) return [];
  const waiting = (await Promise.all(names.map(async (name) => bytesLeft(engine, folder, name)))).filter((bytes) => bytes > 0);
  const bytes = waiting.reduce((sum, left) => sum + left, 0).toLocaleString('en');
  const spool =
    waiting.length === 0
      ? ok(CHECK, 'all they left has been taken in')
      : note(CHECK, `${bytes} bytes in ${counted(waiting.length, 'file')} wait to be taken in: run toolwise collect, or start a server`);
  return [spool, ...problemFindings(join(folder, PROBLEMS), now_ms)];
}

async function bytesLeft(engine: Engine, folder: string, name: string): Promise<number> {
  const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return size - (await engine.read((trx) => takenBytes(trx, name)));
}

function problemFindings(path: string, now_ms: number): readonly Finding[] {
  const changed_ms = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (changed_ms === undefined) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  const told = `${counted(lines.length, 'line')} in ${path}; the latest: ${inert(lines.at(-1) ?? '')}`;
  return [now_ms - changed_ms < RECENT_MS ? warning('hook problems', told) : note('hook problems', told)];
}
