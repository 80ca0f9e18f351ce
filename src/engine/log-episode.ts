import { defaultEpisodeReward, sequenceCredit } from '../core/episodes.ts';
import { combined } from '../core/hashing.ts';
import { dayOf, FULL_UPDATES, updateKey } from '../core/repeats.ts';
import { expectedSuccess, type Ngram, ngramsOf } from '../core/sequence-model.ts';
import type { Outcome } from '../core/types.ts';
import { UserError } from '../errors.ts';
import type { Trx } from '../store/database.ts';
import { type Episode, insertEpisode, lastEpisode, lastSpannedSeq } from '../store/episodes.ts';
import { type SessionStep, stepsAfter } from '../store/executions.ts';
import { increment } from '../store/learner.ts';
import { addToNgrams } from '../store/ngrams.ts';
import { countUpdates } from '../store/session-updates.ts';
import { rewindSession, type SessionCursor } from '../store/sessions.ts';
import { toolNamesById } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { ensureSession } from './requests.ts';

export interface LogEpisodeInput {
  readonly session_id: string;
  readonly outcome: Outcome;
  /** Absent: the session's recorded calls since its last episode. */
  readonly tool_sequence?: readonly string[] | undefined;
  /** Absent: the sum of the recorded rewards, else 10, 5 or −5 by outcome. */
  readonly episode_reward?: number | undefined;
  /** How sure the outcome is, in [0, 1]; absent: 1, somebody said it. Less: it was told from behaviour. */
  readonly confidence?: number | undefined;
}

export interface LogEpisodeOutput {
  readonly episode_id: string;
  /** true: this episode was logged before; the answer is the stored one and nothing was counted. */
  readonly duplicate: boolean;
  readonly tool_sequence: readonly string[];
  readonly episode_reward: number;
  readonly outcome: Outcome;
  readonly ngrams_updated: number;
}

/**
 * Ends a piece of work: its sequence of tools, outcome and reward feed the n-grams, and the session starts afresh.
 * Logging the same work twice changes nothing: without a new call, another sequence or another outcome it is the same episode.
 * @throws UserError when the session's work was logged with another outcome and nothing has happened since
 */
export async function logEpisode(engine: Engine, input: LogEpisodeInput): Promise<LogEpisodeOutput> {
  return await engine.write(async (trx) => {
    const session = await ensureSession(trx, input.session_id, engine.clock());
    const last = await lastEpisode(trx, session.session_id);
    const steps = await stepsAfter(trx, session.session_id, await lastSpannedSeq(trx, session.session_id));
    const tool_ids = await sequenceOf(engine, trx, input, steps);
    if (steps.length === 0 && last !== undefined && isSameWork(last, input, tool_ids)) return await storedAnswer(trx, last);
    const is_retold = steps.length === 0 && last !== undefined && input.tool_sequence === undefined;
    if (is_retold && last.confidence === 1) throw loggedOtherwise(input, last);
    // What was told from behaviour gives way to what somebody says: the same work, told again.
    return await storeEpisode(engine, trx, { input, session, steps, tool_ids: is_retold ? last.tool_ids : tool_ids });
  });
}

async function sequenceOf(engine: Engine, trx: Trx, input: LogEpisodeInput, steps: readonly SessionStep[]): Promise<number[]> {
  if (input.tool_sequence === undefined) return steps.map((step) => step.tool_id);
  return await engine.catalogue.ids(trx, input.tool_sequence);
}

function isSameWork(last: Episode, input: LogEpisodeInput, tool_ids: readonly number[]): boolean {
  const sequence = input.tool_sequence === undefined || JSON.stringify(tool_ids) === JSON.stringify(last.tool_ids);
  return (
    sequence &&
    input.outcome === last.outcome &&
    (input.confidence ?? 1) === last.confidence &&
    (input.episode_reward ?? last.episode_reward) === last.episode_reward
  );
}

function loggedOtherwise({ session_id }: LogEpisodeInput, last: Episode): UserError {
  return new UserError(
    `the work of session "${session_id}" was logged with outcome ${last.outcome} and nothing was recorded since; pass the tool_sequence of the new work`,
  );
}

async function storedAnswer(trx: Trx, episode: Episode): Promise<LogEpisodeOutput> {
  const names = await toolNamesById(trx, episode.tool_ids);
  return {
    episode_id: episode.episode_id,
    duplicate: true,
    tool_sequence: episode.tool_ids.flatMap((id) => names.get(id) ?? []),
    episode_reward: episode.episode_reward,
    outcome: episode.outcome,
    ngrams_updated: episode.ngrams_updated,
  };
}

async function storeEpisode(
  engine: Engine,
  trx: Trx,
  episode: {
    readonly input: LogEpisodeInput;
    readonly session: SessionCursor;
    readonly steps: readonly SessionStep[];
    readonly tool_ids: readonly number[];
  },
): Promise<LogEpisodeOutput> {
  const { input, session, steps, tool_ids } = episode;
  const h = engine.settings.hyperparameters;
  const { outcome, confidence = 1 } = input;
  const episode_reward =
    input.episode_reward ??
    defaultEpisodeReward(
      steps.map((step) => step.reward),
      outcome,
      h,
    );
  const was_default = input.episode_reward === undefined;
  const credit = sequenceCredit({ episode_reward, step_count: steps.length, was_default, h });
  const created_at_ms = engine.clock();
  const { session_id } = session;
  const success = expectedSuccess(outcome, confidence, h.partial_credit);
  const ngrams_updated = await countNgrams(engine, trx, { tool_ids, session_id, at_ms: created_at_ms, credit, success });
  const { log_position } = await increment(trx, 'log_position');
  const episode_id = engine.newId();
  const span = { first_seq: steps[0]?.seq ?? null, last_seq: steps.at(-1)?.seq ?? null };
  const length = tool_ids.length;
  await insertEpisode(trx, {
    log_position,
    episode_id,
    session_id,
    outcome,
    confidence,
    episode_reward,
    tool_ids,
    length,
    ngrams_updated,
    ...span,
    created_at_ms,
    settings_id: await engine.learned_with.id(trx),
    reward_given: was_default ? 0 : 1,
  });
  await rewindSession(trx, session_id, created_at_ms);
  const names = await toolNamesById(trx, [...new Set(tool_ids)]);
  const tool_sequence = tool_ids.flatMap((id) => names.get(id) ?? []);
  return { episode_id, duplicate: false, tool_sequence, episode_reward, outcome, ngrams_updated };
}

/** Feeds the n-gram table, at most three times a day for one session, tuple and outcome, and returns how many tuples the episode holds. */
async function countNgrams(engine: Engine, trx: Trx, episode: CountedEpisode): Promise<number> {
  const { credit, success } = episode;
  const ngrams = ngramsOf(episode.tool_ids, engine.settings.hyperparameters.ngram_length);
  const keys = ngrams.map((ngram) => keyOf(episode, ngram));
  const before = await countUpdates(trx, [...new Set(keys)]);
  const held = ngrams.flatMap(({ prefix, next, occurrences }, at) => {
    const repeats = before.get(keys[at] ?? 0) ?? 0;
    if (repeats >= FULL_UPDATES) return [];
    return { latest_first: prefix.toReversed(), next_tool_id: next, occurrences, is_first_today: repeats === 0 };
  });
  await addToNgrams(trx, { credit, success, ngrams: held });
  return ngrams.length;
}

interface CountedEpisode {
  readonly tool_ids: readonly number[];
  readonly session_id: number;
  readonly at_ms: number;
  readonly credit: number;
  readonly success: number;
}

/** Contexts are hashes below 2^52, so that those of tuples lie above. */
const OF_NGRAMS = 2 ** 52;

function keyOf({ session_id: session, at_ms, success }: CountedEpisode, { prefix, next }: Ngram<number>): number {
  const context = OF_NGRAMS + prefix.reduce(combined, prefix.length);
  return updateKey({ day: dayOf(at_ms), session, context, tool: next, good: success > 0 });
}
