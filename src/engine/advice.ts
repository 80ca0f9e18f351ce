import { contextId } from '../core/context.ts';
import { UserError } from '../errors.ts';
import { ensureContexts } from '../store/contexts.ts';
import type { Trx } from '../store/database.ts';
import { logPosition } from '../store/learner-snapshots.ts';
import {
  findRecommendation,
  insertRecommendation,
  joinExecution,
  latestRecommendation,
  type Recommendation,
} from '../store/recommendations.ts';
import type { SessionCursor } from '../store/sessions.ts';
import type { Engine } from './engine.ts';
import { ensureRequest, ensureSession } from './requests.ts';
import type { Assessment, StateInput } from './situation.ts';

/** How a drawn tool came to be drawn; all null for a ranking. */
export interface Draw {
  readonly propensity: number | null;
  readonly was_exploration: boolean | null;
  readonly exploration_rate: number | null;
}

export const RANKED: Draw = Object.freeze({ propensity: null, was_exploration: null, exploration_rate: null });

const UNSTORED = 'unstored-';

/** The id of advice that is not remembered: whoever names it is right to do so, but nothing is joined to it. */
export function unstoredId(id: string): string {
  return `${UNSTORED}${id}`;
}

/** What was answered, to whom and when. */
export interface Advice {
  readonly recommendation_id: string;
  /** null: asked without one. */
  readonly session: SessionCursor | null;
  readonly query: string | undefined;
  /** Of the exact context. */
  readonly context_hash: string;
  readonly policy: string;
  /** Best first. */
  readonly tools: readonly string[];
  /** What a drawn tool was drawn from; null for a ranking. */
  readonly candidates: readonly string[] | null;
  readonly draw: Draw;
  readonly at_ms: number;
}

/** Stores what was answered, so that the execution that follows can be joined to it. */
export async function storeAdvice(
  engine: Engine,
  trx: Trx,
  advice: Pick<Advice, 'recommendation_id' | 'policy' | 'tools' | 'draw'> & { readonly input: StateInput; readonly assessment: Assessment },
): Promise<void> {
  const { input, assessment, ...answer } = advice;
  const at_ms = engine.clock();
  const session = input.session_id === undefined ? null : (assessment.session ?? (await ensureSession(trx, input.session_id, at_ms)));
  await insertAdvice(engine, trx, {
    ...answer,
    session,
    query: input.query,
    context_hash: assessment.hashes.exact,
    candidates: answer.draw.propensity === null ? null : assessment.tools,
    at_ms,
  });
}

/** Appends advice to what is remembered, and what it names. */
export async function insertAdvice(engine: Engine, trx: Trx, advice: Advice): Promise<void> {
  const { recommendation_id, session, context_hash, policy, candidates, draw, at_ms } = advice;
  const request_id = await ensureRequest(trx, session, advice.query, at_ms);
  const context_id = contextId(context_hash);
  await ensureContexts(trx, [{ context_id, context_hash, level: 'exact' }]);
  await insertRecommendation(trx, {
    recommendation_id,
    session_id: session?.session_id ?? null,
    request_id,
    context_id,
    policy,
    tool_ids: await engine.catalogue.ids(trx, advice.tools),
    list_id: candidates === null ? null : await engine.catalogue.listId(trx, candidates),
    ...draw,
    created_at_ms: at_ms,
    log_position: await logPosition(trx),
    settings_id: await engine.learned_with.id(trx),
  });
}

/**
 * Which advice a call may name. own: its session's, or that of none. any: also another session's, since recorders and agents name sessions apart.
 * any_or_none: also advice that is not there any more; then the call is joined to none.
 */
export type AdviceRule = 'own' | 'any' | 'any_or_none';

/** The advice an execution answers, and where the tool stood in it. */
export interface JoinedAdvice {
  readonly recommendation_id: string;
  /** 1 is the best; null: the tool was not in the advice. */
  readonly rank: number | null;
  /** The tool ranked (or drawn) first was the one called. */
  readonly followed: boolean;
}

/**
 * Joins an execution to the advice it names, else to the session's latest if that ranked the tool and nothing is joined to it yet.
 * @throws UserError when the id named is unknown
 */
export async function joinAdvice(
  trx: Trx,
  execution: {
    readonly recommendation_id: string | undefined;
    readonly session_id: number;
    readonly tool_id: number;
    readonly seq: number;
    readonly advice_rule?: AdviceRule | undefined;
  },
): Promise<JoinedAdvice | null> {
  const advice = await adviceFor(trx, execution);
  if (advice === undefined) return null;
  const at = advice.tool_ids.indexOf(execution.tool_id);
  await joinExecution(trx, advice.recommendation_seq, execution.seq);
  return { recommendation_id: advice.recommendation_id, rank: at < 0 ? null : at + 1, followed: at === 0 };
}

async function adviceFor(trx: Trx, execution: Parameters<typeof joinAdvice>[1]): Promise<Recommendation | undefined> {
  const named = execution.recommendation_id;
  if (named?.startsWith(UNSTORED)) return undefined;
  if (named !== undefined) return await namedAdvice(trx, named, execution);
  const latest = await latestRecommendation(trx, execution.session_id);
  return latest?.execution_seq === null && latest.tool_ids.includes(execution.tool_id) ? latest : undefined;
}

async function namedAdvice(
  trx: Trx,
  recommendation_id: string,
  { session_id, advice_rule = 'own' }: Parameters<typeof joinAdvice>[1],
): Promise<Recommendation | undefined> {
  const named = await findRecommendation(trx, recommendation_id);
  if (named === undefined && advice_rule === 'any_or_none') return undefined;
  if (named === undefined) {
    throw new UserError(`recommendation_id "${recommendation_id}" is unknown; leave it out or pass the id that recommend_tools answered`);
  }
  if (advice_rule === 'own' && named.session_id !== null && named.session_id !== session_id) {
    throw new UserError(`recommendation_id "${recommendation_id}" was given to another session; leave it out or pass that session_id`);
  }
  return named;
}
