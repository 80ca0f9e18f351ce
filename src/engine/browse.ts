import { ratio } from '../core/statistics.ts';
import { UserError } from '../errors.ts';
import { strongestNgrams, successorsOf } from '../store/ngrams.ts';
import { findSession, sessionNamesWithPrefix } from '../store/sessions.ts';
import { findToolsByName, listKnownTools, toolNamesById, toolNamesWithPrefix } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { type EpisodeItem, type ExecutionItem, getHistory } from './get-history.ts';
import { metricsOf, type ToolMetrics } from './get-tool-metrics.ts';

export interface ToolSummary {
  readonly tool_name: string;
  readonly total_calls: number;
  readonly success_rate: number | null;
}

/** Every tool registered or ever recorded. */
export async function listTools(engine: Engine): Promise<ToolSummary[]> {
  return await engine.read(async (trx) => {
    const tools = await listKnownTools(trx);
    return tools.map((tool) => ({
      tool_name: tool.name,
      total_calls: tool.total_calls,
      success_rate: ratio(tool.success_count, tool.total_calls),
    }));
  });
}

export interface ToolPortrait extends ToolMetrics {
  /** Tools that followed it in earlier episodes, most often first. */
  readonly usual_next: readonly { readonly tool_name: string; readonly support: number }[];
}

/** @throws UserError when the tool is unknown */
export async function describeTool(engine: Engine, name: string): Promise<ToolPortrait> {
  return await engine.read(async (trx) => {
    const [tool] = await findToolsByName(trx, [name]);
    if (tool === undefined) throw new UserError(`tool "${name}" is unknown; toolwise://tools lists the known ones`);
    const successors = await successorsOf(trx, [tool.tool_id]);
    const usual_next = successors
      .map((row) => ({ tool_name: row.tool_name, support: row.occurrence_count }))
      .sort((a, b) => b.support - a.support)
      .slice(0, 5);
    return { ...metricsOf(tool), usual_next };
  });
}

/** A call without what users and tools wrote: that comes from get_history only, where it is marked. */
export interface CallPortrait extends Omit<ExecutionItem, 'untrusted' | 'execution_id'> {
  /** null: it is a text of the caller's own rather than an id. */
  readonly execution_id: string | null;
}

export interface SessionPortrait {
  readonly session_id: string;
  readonly executions: readonly CallPortrait[];
  readonly episodes: readonly EpisodeItem[];
}

/** A label that is shown unasked: what a person may write in one, an instruction too, has blanks. */
const PLAIN_LABEL = /^[A-Za-z0-9_.:/@#-]{1,64}$/;
/** Session names that are looked at for one that may be shown, for each that is wanted. */
const LOOKED_AT = 10;

/** The latest executions and episodes of a session, without free text. @throws UserError when it is unknown */
export async function describeSession(engine: Engine, session_id: string): Promise<SessionPortrait> {
  if ((await engine.read((trx) => findSession(trx, session_id))) === undefined) {
    throw new UserError(`session "${session_id}" is unknown; use a session_id that was recorded`);
  }
  const executions = await getHistory(engine, { kind: 'executions', session_id });
  const episodes = await getHistory(engine, { kind: 'episodes', session_id });
  return {
    session_id,
    executions: executions.items.flatMap((item) => ('untrusted' in item ? [callPortrait(item)] : [])),
    episodes: episodes.items.flatMap((item) => ('untrusted' in item ? [] : [item])),
  };
}

function callPortrait({ untrusted: _, execution_id, ...numbers }: ExecutionItem): CallPortrait {
  return { ...numbers, execution_id: PLAIN_LABEL.test(execution_id) ? execution_id : null };
}

export interface StrongSequence {
  readonly tools: readonly string[];
  /** Episodes it occurred in, count. */
  readonly support: number;
  readonly success_rate: number;
  readonly avg_reward: number;
}

/** The sequences that went best, each seen in at least as many episodes as advice needs. */
export async function strongestSequences(engine: Engine, limit: number): Promise<StrongSequence[]> {
  return await engine.read(async (trx) => {
    const rows = await strongestNgrams(trx, engine.settings.hyperparameters.min_sequence_episodes, limit);
    const idsOf = (row: (typeof rows)[number]) =>
      [row.previous_4, row.previous_3, row.previous_2, row.previous_1, row.next_tool_id].filter((id) => id !== 0);
    const names = await toolNamesById(trx, [...new Set(rows.flatMap(idsOf))]);
    return rows.map((row) => ({
      tools: idsOf(row).flatMap((id) => names.get(id) ?? []),
      support: row.episode_count,
      success_rate: row.success_rate,
      avg_reward: row.avg_reward,
    }));
  });
}

export async function toolNames(engine: Engine, prefix: string, limit: number): Promise<string[]> {
  return await engine.read((trx) => toolNamesWithPrefix(trx, prefix, limit));
}

/** Sessions whose names begin so, newest first; names that are texts are left out. */
export async function sessionNames(engine: Engine, prefix: string, limit: number): Promise<string[]> {
  const names = await engine.read((trx) => sessionNamesWithPrefix(trx, prefix, limit * LOOKED_AT));
  return names.filter((name) => PLAIN_LABEL.test(name)).slice(0, limit);
}
