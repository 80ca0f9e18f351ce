import { CONTEXT_LEVELS, canonicalContext, contextId, type State } from '../core/context.ts';
import { tdError, tdTarget } from '../core/q-learning.ts';
import { dayOf, repeatWeight, updateKey } from '../core/repeats.ts';
import { greatestValue } from '../core/replay-batch.ts';
import { isGood } from '../core/reward.ts';
import { type ActionValue, actionValuesIn, learnMeans, learnValue } from '../store/action-values.ts';
import { ensureContexts } from '../store/contexts.ts';
import type { Trx } from '../store/database.ts';
import { countUpdates } from '../store/session-updates.ts';
import type { SessionCursor } from '../store/sessions.ts';
import { countKnownTools } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { type ContextHashes, hashesOf, stateOf } from './situation.ts';
import { sha256 } from './tool-catalogue.ts';

/** What a recorded call tells of the step it made. */
export interface StepInput {
  readonly tool_name: string;
  readonly query?: string | undefined;
  readonly available_tools?: readonly string[] | undefined;
  readonly is_terminal?: boolean | undefined;
}

/** A step from one state to the next. */
export interface Step {
  readonly hashes: ContextHashes;
  readonly next_hash: string | null;
  readonly list_id: number | null;
  readonly next_tool_ids: readonly number[] | null;
}

/** The state the call was made in and the one it leads to, each with its rows. */
export async function takeStep(engine: Engine, trx: Trx, input: StepInput, session: SessionCursor): Promise<Step> {
  const state = stateOf({ query: input.query }, session);
  const next: State = { query: state.query, previous_tool: input.tool_name, session_length: state.session_length + 1 };
  const hashes = hashesOf(engine, state);
  const next_hash = input.is_terminal === true ? null : sha256(canonicalContext(next, engine.settings.domain_keywords));
  const here = CONTEXT_LEVELS.map((level) => ({ context_id: contextId(hashes[level]), context_hash: hashes[level], level }));
  const ahead = next_hash === null ? [] : [{ context_id: contextId(next_hash), context_hash: next_hash, level: 'exact' as const }];
  await ensureContexts(trx, [...here, ...ahead]);
  const tools = input.available_tools;
  return {
    hashes,
    next_hash,
    list_id: tools === undefined ? null : await engine.catalogue.listId(trx, tools),
    next_tool_ids: tools === undefined ? null : await engine.catalogue.ids(trx, tools),
  };
}

/** A call that is learned from. */
export interface Lesson {
  readonly step: Step;
  readonly session_id: number;
  readonly tool_id: number;
  readonly reward: number;
  readonly success: boolean;
  readonly user_rating: number | null;
  readonly at_ms: number;
}

/** Q-learning at the exact level, mean rewards at the coarser ones; each step by the weight that the call has there. */
export async function learnFrom(engine: Engine, trx: Trx, lesson: Lesson) {
  const { step, tool_id, reward, at_ms } = lesson;
  const { learning_rate: alpha, discount_factor, coarse_learning_rate: floor } = engine.settings.hyperparameters;
  const success: 0 | 1 = lesson.success ? 1 : 0;
  const repeats = await countRepeats(trx, lesson);
  const context_id = contextId(step.hashes.exact);
  const next_context_id = step.next_hash === null ? null : contextId(step.next_hash);
  const rows = await actionValuesIn(trx, next_context_id === null ? [context_id] : [context_id, next_context_id]);
  const q_before = rows.find((row) => row.context_id === context_id && row.tool_id === tool_id)?.q_value ?? 0;
  const target = tdTarget({ reward, next_value: await nextValue(trx, step, next_context_id, rows), discount_factor });
  const value = {
    context_id,
    tool_id,
    target,
    alpha: repeatWeight(repeats.exact_repeats) * alpha,
    success,
    success_step: floor,
    at_ms,
    ...visitOf(repeats.exact_repeats),
  };
  const { q_value, visit_count } = await learnValue(trx, value);
  const coarse = { step: contextId(step.hashes.step), request: contextId(step.hashes.request), previous: contextId(step.hashes.previous) };
  const cells = [
    { context_id: coarse.step, ...visitOf(repeats.step_repeats) },
    { context_id: coarse.request, ...visitOf(repeats.request_repeats) },
    { context_id: coarse.previous, ...visitOf(repeats.previous_repeats) },
  ];
  const means = await learnMeans(trx, { cells, tool_id, reward, success, floor, at_ms });
  const visits = {
    visit_count,
    step_visit_count: means.get(coarse.step) ?? 0,
    request_visit_count: means.get(coarse.request) ?? 0,
    previous_visit_count: means.get(coarse.previous) ?? 0,
  };
  return { td_error: tdError(target, q_before), q_value, visits, repeats };
}

/** What a visit adds to its cell. */
function visitOf(repeats: number): { readonly weight: number; readonly new_sessions: 0 | 1 } {
  return { weight: repeatWeight(repeats), new_sessions: repeats === 0 ? 1 : 0 };
}

/** In the place of a context: all of them. */
const ANYWHERE = 0;

/** Counts the call for its session, and tells how often that had taught the same outcome of the tool today: in each context, and in any. */
async function countRepeats(trx: Trx, { step, session_id: session, tool_id: tool, success, user_rating, at_ms }: Lesson) {
  const good = isGood(success, user_rating);
  const keyOf = (context: number) => updateKey({ day: dayOf(at_ms), session, context, tool, good });
  const keys = [...CONTEXT_LEVELS.map((level) => contextId(step.hashes[level])), ANYWHERE].map(keyOf);
  const before = await countUpdates(trx, keys);
  const [exact_repeats = 0, step_repeats = 0, request_repeats = 0, previous_repeats = 0, tool_repeats = 0] = keys.map(
    (key) => before.get(key) ?? 0,
  );
  return { exact_repeats, step_repeats, request_repeats, previous_repeats, tool_repeats };
}

async function nextValue(trx: Trx, step: Step, next_context_id: number | null, rows: readonly ActionValue[]): Promise<number> {
  const ahead = rows.filter((row) => row.context_id === next_context_id && row.visit_count > 0);
  if (ahead.length === 0) return 0;
  const tool_count = step.next_tool_ids === null ? await countKnownTools(trx) : 0;
  return greatestValue(new Map(ahead.map((row) => [row.tool_id, row.q_value])), step.next_tool_ids, tool_count);
}
