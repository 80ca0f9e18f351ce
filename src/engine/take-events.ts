import type { CaptureEvent } from '../capture/events.ts';
import { type SavedTurns, SessionTurns } from '../capture/session-turns.ts';
import { registrationOf } from '../capture/turns.ts';
import { StorageError } from '../errors.ts';
import type { Trx } from '../store/database.ts';
import { dropSpoolFile, dropTurn, keepTurn, noteTaken, openTurn, sessionsOfFile, silentSessions, takenBytes } from '../store/spool.ts';
import type { Engine } from './engine.ts';
import { isDriverError } from './journal/import.ts';
import { LineTaker } from './journal/line-taker.ts';
import type { EntryLine } from './journal/lines.ts';
import { sha256 } from './tool-catalogue.ts';

/** Recorders have redacted the texts, and know the advice by hearsay. */
const RECORDED = { recorded_text: 'full', advice_rule: 'any_or_none' } as const;
/** Sessions that are one connection of a wrapped server. */
const CONNECTION = 'wrap/';
/** A session that nobody ended, milliseconds. */
const SILENCE_MS = 86_400_000;

/** A stretch of a file of the spool. */
export interface SpoolStretch {
  /** Of the file. */
  readonly name: string;
  /** Bytes; where the stretch begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly events: readonly CaptureEvent[];
}

export interface TakenEvents {
  /** Of the file, by now: beyond `to` when another process was faster, and then nothing was taken here. */
  readonly taken_bytes: number;
  /** Entries that are new in the log, count. */
  readonly added: number;
  /** Events that could not be used, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Takes events of the spool into the log exactly once: how far the file was taken is stored in the transaction that learns from it.
 * The texts have been redacted by the recorder.
 * @throws StorageError when nothing was taken
 */
export async function takeEvents(engine: Engine, { name, from, to, events }: SpoolStretch): Promise<TakenEvents> {
  const taker = new LineTaker(engine, RECORDED);
  try {
    return await engine.write(async (trx) => {
      const taken_bytes = await takenBytes(trx, name);
      if (taken_bytes !== from) return { taken_bytes, added: 0, problems: [] };
      const told = await tell(engine, trx, taker, { name, events });
      await noteTaken(trx, name, to);
      return { taken_bytes: to, ...told };
    });
  } catch (error) {
    taker.clear();
    throw error;
  }
}

/** A file of the spool is gone, and with it the connections that it told of; conversations that others tell of, too, go on. */
export async function closeSpoolFile(engine: Engine, name: string): Promise<void> {
  await engine.write(async (trx) => {
    const sessions = await sessionsOfFile(trx, name);
    await end(
      engine,
      trx,
      sessions.filter((session) => session.startsWith(CONNECTION)),
    );
    await dropSpoolFile(trx, name);
  });
}

/** Sessions that nobody ended are over when nothing has come from them for a day. */
export async function endSilentSessions(engine: Engine): Promise<void> {
  const since_ms = engine.clock() - SILENCE_MS;
  if ((await engine.read((trx) => silentSessions(trx, since_ms))).length === 0) return;
  await engine.write(async (trx) => end(engine, trx, await silentSessions(trx, since_ms)));
}

async function end(engine: Engine, trx: Trx, sessions: readonly string[]): Promise<void> {
  const events = sessions.map((session_id) => ({ kind: 'end', session_id, at_ms: null }) as const);
  await tell(engine, trx, new LineTaker(engine, RECORDED), { name: '', events });
}

async function tell(engine: Engine, trx: Trx, taker: LineTaker, { name, events }: Pick<SpoolStretch, 'name' | 'events'>) {
  const sessions = new Map<string, SessionTurns>();
  const problems: string[] = [];
  let added = 0;
  for (const event of events) {
    const lines = event.kind === 'tool' ? [registrationOf(event)] : (await sessionOf(trx, sessions, event.session_id)).take(event);
    for (const line of lines) {
      const taken = await takenOrProblem(trx, taker, line);
      if (taken === 'added') added += 1;
      else if (taken !== 'known' && taken !== 'told') problems.push(taken.problem);
    }
    if (event.kind === 'end') await forgetTurn(trx, sessions, event.session_id);
  }
  const changed_at_ms = engine.clock();
  for (const [session_name, session] of sessions) {
    await keepTurn(trx, { session_name, spool_name: name, state: JSON.stringify(session.save()), changed_at_ms });
  }
  return { added, problems };
}

async function takenOrProblem(trx: Trx, taker: LineTaker, line: EntryLine) {
  try {
    return await taker.take(trx, line, '');
  } catch (error) {
    if (error instanceof StorageError || !(error instanceof Error) || isDriverError(error)) throw error;
    return { problem: error.message };
  }
}

async function sessionOf(trx: Trx, sessions: Map<string, SessionTurns>, session_id: string): Promise<SessionTurns> {
  const known = sessions.get(session_id);
  if (known !== undefined) return known;
  const state = await openTurn(trx, session_id);
  const session = new SessionTurns(session_id, idOf, state === undefined ? undefined : (JSON.parse(state) as SavedTurns));
  sessions.set(session_id, session);
  return session;
}

async function forgetTurn(trx: Trx, sessions: Map<string, SessionTurns>, session_id: string): Promise<void> {
  sessions.delete(session_id);
  await dropTurn(trx, session_id);
}

/** Ids of lines are functions of what is told, so that it can be told again. */
export function idOf(...parts: readonly (string | number)[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
}
