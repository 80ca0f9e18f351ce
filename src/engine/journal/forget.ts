import { UserError } from '../../errors.ts';
import type { Trx } from '../../store/database.ts';
import type { Entry } from '../../store/log-entries.ts';
import { readLogState } from '../../store/log-state.ts';
import { countRequestsOf, findSession } from '../../store/sessions.ts';
import { dropTurn } from '../../store/spool.ts';
import type { Engine } from '../engine.ts';
import type { Progress } from './entries.ts';
import { rewrite } from './rewrite.ts';

/** Rows that were removed. */
export interface Forgotten {
  readonly session_id: string;
  readonly executions: number;
  readonly episodes: number;
  readonly feedback: number;
  readonly recommendations: number;
  readonly requests: number;
}

export interface ForgetOptions {
  readonly progress?: Progress | undefined;
  /** Also where retention has removed rows: what only they taught is lost. */
  readonly accept_loss?: boolean | undefined;
}

/**
 * Forgets a session: every value is what it would be if the session had never been recorded. Deleted bytes are overwritten in the file.
 * @throws UserError when the session is unknown, or when retention has removed rows without which values cannot be learned again
 */
export async function forget(engine: Engine, session_id: string, { progress, accept_loss }: ForgetOptions = {}): Promise<Forgotten> {
  const requests = await engine.read((trx) => requestsOf(trx, session_id));
  if (accept_loss !== true) await requireWholeLog(engine);
  const counts = { executions: 0, episodes: 0, feedback: 0, recommendations: 0 };
  const keep = (entry: Entry): boolean => {
    if (!('session_id' in entry) || entry.session_id !== session_id) return true;
    counts[PLURALS[entry.kind]] += 1;
    return false;
  };
  await rewrite(engine, { keep, progress, also: (trx) => dropTurn(trx, session_id) });
  await engine.onForgotten(session_id);
  return { session_id, ...counts, requests };
}

const PLURALS = { execution: 'executions', episode: 'episodes', feedback: 'feedback', recommendation: 'recommendations' } as const;

async function requestsOf(trx: Trx, name: string): Promise<number> {
  const session = await findSession(trx, name);
  if (session === undefined) throw new UserError(`session_id "${name}" is unknown; pass one that was recorded`);
  return await countRequestsOf(trx, session.session_id);
}

/** @throws UserError when a part of the log is gone */
export async function requireWholeLog(engine: Engine): Promise<void> {
  const { pruned_executions } = await engine.read(readLogState);
  if (pruned_executions === 0) return;
  throw new UserError(
    `the oldest ${pruned_executions} executions were removed by --max-executions or --max-bytes, and what they taught cannot be told apart any more; run \`toolwise forget\` with --accept-loss to learn from the kept rows alone`,
  );
}
