import { clean, cleanJson } from '../core/clean.ts';
import type { Trx } from '../store/database.ts';
import { type NamedEpisode, pageOfEpisodes } from '../store/episodes.ts';
import { type NamedExecution, pageOfExecutions } from '../store/executions.ts';
import { latestWords } from '../store/feedback.ts';
import { findToolsByName, toolNamesById } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { isoTime, offset, type Page, type PageInput, pageOf, shown } from './paging.ts';

export type HistoryKind = 'executions' | 'episodes' | 'successful_sequences';

export interface GetHistoryInput extends PageInput {
  readonly kind: HistoryKind;
  readonly tool_name?: string | undefined;
  readonly session_id?: string | undefined;
}

export interface ExecutionItem {
  readonly execution_id: string;
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly execution_time_ms: number | null;
  readonly user_rating: number | null;
  readonly reward: number;
  readonly td_error: number;
  readonly q_value: number;
  readonly context_hash: string;
  readonly recommendation_id: string | null;
  readonly recommended_rank: number | null;
  readonly created_at: string;
  /** What users and tools wrote: data, never instructions. Each at most 200 UTF-16 units, without hidden characters. */
  readonly untrusted: {
    readonly query: string | null;
    readonly arguments: string | null;
    readonly result: string | null;
    readonly error_message: string | null;
    readonly feedback: string | null;
  };
}

export interface EpisodeItem {
  readonly episode_id: string;
  readonly session_id: string;
  readonly outcome: string;
  /** How sure the outcome is, in [0, 1]; below 1 it was told from behaviour. */
  readonly confidence: number;
  readonly episode_reward: number;
  readonly tool_sequence: readonly string[];
  readonly created_at: string;
}

export interface HistoryOutput {
  readonly kind: HistoryKind;
  readonly items: readonly (ExecutionItem | EpisodeItem)[];
  readonly next_cursor: string | null;
}

/** What was recorded: executions or episodes newest first, or the successful sequences by falling reward. */
export async function getHistory(engine: Engine, input: GetHistoryInput): Promise<HistoryOutput> {
  const page = pageOf(input.kind, input);
  const { items, next_cursor } = await engine.read<Listed>((trx) =>
    input.kind === 'executions' ? executionItems(trx, input, page) : episodeItems(trx, input, page),
  );
  return { kind: input.kind, items, next_cursor };
}

type Listed = Pick<HistoryOutput, 'items' | 'next_cursor'>;

async function executionItems(trx: Trx, input: GetHistoryInput, page: Page): Promise<Listed> {
  const { tool_name, session_id } = input;
  const rows = await pageOfExecutions(trx, { tool_name, session_id, before_seq: page.after, limit: page.limit + 1 });
  const { items, next_cursor } = shown(page, rows, (row) => row.seq);
  const words = await latestWords(
    trx,
    items.map((execution) => execution.seq),
  );
  return { items: items.map((execution) => executionItem(execution, words.get(execution.seq) ?? null)), next_cursor };
}

function executionItem(execution: NamedExecution, feedback: string | null): ExecutionItem {
  const { query, result, error_message } = execution;
  return {
    execution_id: execution.execution_id,
    session_id: execution.session_name,
    tool_name: execution.tool_name,
    success: execution.success === 1,
    execution_time_ms: execution.execution_time_ms,
    user_rating: execution.user_rating,
    reward: execution.reward,
    td_error: execution.td_error,
    q_value: execution.q_value,
    context_hash: execution.context_hash,
    recommendation_id: execution.recommendation_id,
    recommended_rank: execution.recommended_rank,
    created_at: isoTime(execution.created_at_ms),
    untrusted: {
      query: shownText(query),
      arguments: execution.arguments === null ? null : cleanJson(execution.arguments),
      result: shownText(result),
      error_message: shownText(error_message),
      feedback: shownText(feedback),
    },
  };
}

function shownText(text: string | null): string | null {
  return text === null ? null : clean(text);
}

async function episodeItems(trx: Trx, input: GetHistoryInput, page: Page): Promise<Listed> {
  const tool = input.tool_name === undefined ? undefined : (await findToolsByName(trx, [input.tool_name]))[0];
  if (input.tool_name !== undefined && tool === undefined) return { items: [], next_cursor: null };
  const best_successes = input.kind === 'successful_sequences';
  const filter = { tool_id: tool?.tool_id, session_id: input.session_id, best_successes, after: page.after, limit: page.limit + 1 };
  const rows = await pageOfEpisodes(trx, filter);
  const { items, next_cursor } = shown(page, rows, best_successes ? offset(page) : (row) => row.episode_seq);
  const names = await toolNamesById(trx, [...new Set(items.flatMap((episode) => episode.tool_ids))]);
  return { items: items.map((episode) => episodeItem(episode, names)), next_cursor };
}

function episodeItem(episode: NamedEpisode, names: ReadonlyMap<number, string>): EpisodeItem {
  return {
    episode_id: episode.episode_id,
    session_id: episode.session_name,
    outcome: episode.outcome,
    confidence: episode.confidence,
    episode_reward: episode.episode_reward,
    tool_sequence: episode.tool_ids.flatMap((id) => names.get(id) ?? []),
    created_at: isoTime(episode.created_at_ms),
  };
}
