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

/** Stores what was answered, so that the execution that follows can be joined to it. */
export async function storeAdvice(
  engine: Engine,
  trx: Trx,
  advice: {
    readonly recommendation_id: string;
    readonly input: StateInput;
    readonly assessment: Assessment;
    readonly policy: string;
    readonly tools: readonly string[];
    readonly draw: Draw;
  },
): Promise<void> {
  const { input, assessment, draw } = advice;
  const at_ms = engine.clock();
  const session = input.session_id === undefined ? null : (assessment.session ?? (await ensureSession(trx, input.session_id, at_ms)));
  const context_id = contextId(assessment.hashes.exact);
  await ensureContexts(trx, [{ context_id, context_hash: assessment.hashes.exact, level: 'exact' }]);
  const request_id = await ensureRequest(trx, session, input.query, at_ms);
  const drawn = draw.propensity !== null;
  await insertRecommendation(trx, {
    recommendation_id: advice.recommendation_id,
    session_id: session?.session_id ?? null,
    request_id,
    context_id,
    policy: advice.policy,
    tool_ids: await engine.catalogue.ids(trx, advice.tools),
    list_id: drawn ? await engine.catalogue.listId(trx, assessment.tools) : null,
    propensity: draw.propensity,
    was_exploration: draw.was_exploration,
    exploration_rate: draw.exploration_rate,
    created_at_ms: at_ms,
    log_position: await logPosition(trx),
    settings_id: await engine.learned_with.id(trx),
  });
}

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
  },
): Promise<JoinedAdvice | null> {
  const advice = await adviceFor(trx, execution);
  if (advice === undefined) return null;
  const at = advice.tool_ids.indexOf(execution.tool_id);
  await joinExecution(trx, advice.recommendation_seq, execution.seq);
  return { recommendation_id: advice.recommendation_id, rank: at < 0 ? null : at + 1, followed: at === 0 };
}

async function adviceFor(trx: Trx, execution: Parameters<typeof joinAdvice>[1]): Promise<Recommendation | undefined> {
  if (execution.recommendation_id !== undefined) return await namedAdvice(trx, execution.recommendation_id, execution.session_id);
  const latest = await latestRecommendation(trx, execution.session_id);
  return latest?.execution_seq === null && latest.tool_ids.includes(execution.tool_id) ? latest : undefined;
}

async function namedAdvice(trx: Trx, recommendation_id: string, session_id: number): Promise<Recommendation> {
  const named = await findRecommendation(trx, recommendation_id);
  if (named === undefined) {
    throw new UserError(`recommendation_id "${recommendation_id}" is unknown; leave it out or pass the id that recommend_tools answered`);
  }
  if (named.session_id !== null && named.session_id !== session_id) {
    throw new UserError(`recommendation_id "${recommendation_id}" was given to another session; leave it out or pass that session_id`);
  }
  return named;
}
