import { ratio } from '../core/statistics.ts';
import { UserError } from '../errors.ts';
import { strongestNgrams, successorsOf } from '../store/ngrams.ts';
import { registrationsOf } from '../store/registrations.ts';
import { findSession, sessionNamesWithPrefix } from '../store/sessions.ts';
import { findToolsByName, listKnownTools, toolNamesById, toolNamesWithPrefix } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { type EpisodeItem, type ExecutionItem, getHistory } from './get-history.ts';
import { metricsOf, type ToolMetrics } from './get-tool-metrics.ts';

export interface ToolSummary {
  readonly tool_name: string;
  readonly description: string | null;
  readonly total_calls: number;
  readonly success_rate: number | null;
}

/** Every tool registered or ever recorded. */
export async function listTools(engine: Engine): Promise<ToolSummary[]> {
  return await engine.read(async (trx) => {
    const tools = await listKnownTools(trx);
    const registrations = await registrationsOf(
      trx,
      tools.map((tool) => tool.tool_id),
    );
    return tools.map((tool) => ({
      tool_name: tool.name,
      description: registrations.get(tool.tool_id)?.description ?? null,
      total_calls: tool.total_calls,
      success_rate: ratio(tool.success_count, tool.total_calls),
    }));
  });
}

export interface ToolPortrait extends ToolMetrics {
  readonly description: string | null;
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
    const registrations = await registrationsOf(trx, [tool.tool_id]);
    return { ...metricsOf(tool), description: registrations.get(tool.tool_id)?.description ?? null, usual_next };
  });
}

export interface SessionPortrait {
  readonly session_id: string;
  readonly executions: readonly (ExecutionItem | EpisodeItem)[];
  readonly episodes: readonly (ExecutionItem | EpisodeItem)[];
}

/** The latest executions and episodes of a session. @throws UserError when it is unknown */
export async function describeSession(engine: Engine, session_id: string): Promise<SessionPortrait> {
  if ((await engine.read((trx) => findSession(trx, session_id))) === undefined) {
    throw new UserError(`session "${session_id}" is unknown; use a session_id that was recorded`);
  }
  const executions = await getHistory(engine, { kind: 'executions', session_id });
  const episodes = await getHistory(engine, { kind: 'episodes', session_id });
  return { session_id, executions: executions.items, episodes: episodes.items };
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

export async function sessionNames(engine: Engine, prefix: string, limit: number): Promise<string[]> {
  return await engine.read((trx) => sessionNamesWithPrefix(trx, prefix, limit));
}
