import type { Trx } from '../../store/database.ts';
import { increment } from '../../store/learner.ts';
import type {
  Entry,
  EpisodeEntry,
  ExecutionEntry,
  FeedbackEntry,
  RecommendationEntry,
  RegistrationEntry,
  TrainingEntry,
} from '../../store/log-entries.ts';
import { type AdviceRule, insertAdvice } from '../advice.ts';
import type { Engine } from '../engine.ts';
import { keptQuery } from '../kept-texts.ts';
import { logEpisode } from '../log-episode.ts';
import { recordExecution } from '../record-execution.ts';
import { registerTools } from '../register-tools.ts';
import { replayOnce } from '../replay.ts';
import { ensureSession } from '../requests.ts';
import { resetExploration } from '../reset-exploration.ts';
import { countDraw } from '../select-tool.ts';
import { hashesOf } from '../situation.ts';
import { submitFeedback } from '../submit-feedback.ts';
import type { LearnersBySettings } from './learners-by-settings.ts';

/**
 * Tells an entry again, as at its time and with its settings: through the same use cases that took it in at first, so that the same entries in
 * the same order make the same tables.
 * @param advice_rule default: what a log names was right when it was told, and may have been forgotten since
 * @returns whether anything was added: an execution or episode that is there already stays as it is
 * @throws UserError when the entry does not fit what is there
 */
export async function relearn(
  learners: LearnersBySettings,
  trx: Trx,
  entry: Entry,
  advice_rule: AdviceRule = 'any_or_none',
): Promise<boolean> {
  const engine = learners.at(trx, entry);
  switch (entry.kind) {
    case 'registration':
      await registerAgain(engine, entry);
      break;
    case 'execution':
      return !(await recordExecution(engine, { ...executionInput(entry), advice_rule })).duplicate;
    case 'feedback':
      await submitFeedback(engine, feedbackInput(entry));
      break;
    case 'episode':
      return !(await logEpisode(engine, episodeInput(entry))).duplicate;
    case 'recommendation':
      await adviseAgain(engine, trx, entry);
      break;
    case 'reset':
      await resetExploration(engine);
      break;
    case 'training':
      return await trainAgain(engine, trx, entry);
  }
  return true;
}

async function registerAgain(engine: Engine, { tool_name: name, description, input_schema }: RegistrationEntry): Promise<void> {
  const schema = input_schema === null ? {} : { input_schema: JSON.parse(input_schema) as Record<string, unknown> };
  await registerTools(engine, { tools: [{ name, ...(description === null ? {} : { description }), ...schema }] });
}

function executionInput(entry: ExecutionEntry): Parameters<typeof recordExecution>[1] {
  const { kind: _kind, at_ms: _at, settings_id: _settings, arguments: args, ...rest } = entry;
  return {
    ...rest,
    execution_time_ms: entry.execution_time_ms ?? undefined,
    user_rating: entry.user_rating ?? undefined,
    query: entry.query ?? undefined,
    arguments: args === null ? undefined : (JSON.parse(args) as Record<string, unknown>),
    result: entry.result ?? undefined,
    error_message: entry.error_message ?? undefined,
    available_tools: entry.available_tools ?? undefined,
    recommendation_id: entry.recommendation_id ?? undefined,
  };
}

function feedbackInput({ execution_id, rating, feedback }: FeedbackEntry): Parameters<typeof submitFeedback>[1] {
  return { execution_id, rating, feedback: feedback ?? undefined };
}

function episodeInput({
  session_id,
  outcome,
  confidence,
  tool_sequence,
  episode_reward,
  reward_given,
}: EpisodeEntry): Parameters<typeof logEpisode>[1] {
  return { session_id, outcome, confidence, tool_sequence, episode_reward: reward_given ? episode_reward : undefined };
}

/** Advice is not thought out again: what was answered then stays what was answered. A draw counts again. */
async function adviseAgain(engine: Engine, trx: Trx, entry: RecommendationEntry): Promise<void> {
  const { propensity, was_exploration, exploration_rate, tools } = entry;
  const query = entry.query === null ? undefined : keptQuery(entry.query, engine.settings.recorded_text);
  if (propensity !== null) await increment(trx, 'selection_count', 'selections_since_reset');
  await insertAdvice(engine, trx, {
    recommendation_id: entry.recommendation_id,
    session: entry.session_id === null ? null : await ensureSession(trx, entry.session_id, entry.at_ms),
    query,
    context_hash: entry.context_hash,
    policy: entry.policy,
    tools,
    candidates: entry.candidates,
    draw: { propensity, was_exploration, exploration_rate },
    at_ms: entry.at_ms,
  });
  const [drawn] = tools;
  if (propensity === null || drawn === undefined) return;
  await countDraw(engine, trx, hashesOf(engine, { query: query ?? '', previous_tool: null, session_length: 0 }).request, drawn);
}

/** Where so much was left out that fewer transitions are remembered than the batch held, there is nothing to train from. */
async function trainAgain(engine: Engine, trx: Trx, { batch_size }: TrainingEntry): Promise<boolean> {
  return (await replayOnce(engine, trx, { batch_size, asked_for: true })) !== null;
}
