import { type NextTool, type PrefixRows, rankNext } from '../core/sequence-model.ts';
import { UserError } from '../errors.ts';
import type { Trx } from '../store/database.ts';
import { recentTools } from '../store/executions.ts';
import { type NextRow, successorsOf } from '../store/ngrams.ts';
import { findSession } from '../store/sessions.ts';
import { findToolsByName } from '../store/tools.ts';
import type { Engine } from './engine.ts';

export interface NextToolInput {
  /** Oldest first; absent: what the session recorded since its last episode. */
  readonly recent_tools?: readonly string[] | undefined;
  readonly session_id?: string | undefined;
  readonly available_tools?: readonly string[] | undefined;
  readonly top_k?: number | undefined;
}

export interface NextToolOutput {
  readonly recommendations: readonly (NextTool & { readonly rank: number })[];
}

const DEFAULT_TOP_K = 5;

/**
 * The tools that followed the latest ones in earlier episodes, best first. One query whatever the number of candidates.
 * @throws UserError when neither recent_tools nor session_id is given
 */
export async function nextToolBySequence(engine: Engine, input: NextToolInput): Promise<NextToolOutput> {
  if (input.recent_tools === undefined && input.session_id === undefined) {
    throw new UserError(
      'recent_tools and session_id are both missing; pass the tools called so far, oldest first, or the session_id they were recorded under',
    );
  }
  const { ngram_length, min_sequence_episodes } = engine.settings.hyperparameters;
  const { recent_tools, rows } = await engine.read((trx) => followers(trx, input, ngram_length - 1));
  const settings = { min_episodes: min_sequence_episodes, recent_tools };
  const ranked = rankNext(byPrefixLength(rows), input.available_tools ?? null, settings);
  return { recommendations: ranked.slice(0, input.top_k ?? DEFAULT_TOP_K).map((tool, at) => ({ rank: at + 1, ...tool })) };
}

/** The latest tools, oldest first, and all that ever followed them. A tool never seen ends the prefix: nothing can have followed it. */
async function followers(trx: Trx, input: NextToolInput, longest: number) {
  const names = input.recent_tools?.slice(-longest) ?? (await toolsOfSession(trx, input.session_id ?? '', longest));
  const ids = new Map((await findToolsByName(trx, names)).map((tool) => [tool.name, tool.tool_id]));
  const recent_tools = names.slice(names.findLastIndex((name) => !ids.has(name)) + 1);
  const latest_first = recent_tools.toReversed().flatMap((name) => ids.get(name) ?? []);
  return { recent_tools, rows: await successorsOf(trx, latest_first) };
}

async function toolsOfSession(trx: Trx, session_id: string, longest: number): Promise<string[]> {
  const session = await findSession(trx, session_id);
  return session === undefined ? [] : await recentTools(trx, session.session_id, Math.min(longest, session.step_count));
}

function byPrefixLength(rows: readonly NextRow[]): PrefixRows[] {
  const lengths = [...new Set(rows.map((row) => row.prefix_length))].sort((a, b) => a - b);
  return lengths.map((prefix_length) => ({
    prefix_length,
    rows: rows.filter((row) => row.prefix_length === prefix_length).map((cell) => ({ tool_name: cell.tool_name, cell })),
  }));
}
