import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Arguments, type Server, startServer } from './server.ts';

/** The built program. */
export const SCRIPT = fileURLToPath(new URL('../../dist/toolwise.js', import.meta.url));

export interface Recommended {
  readonly rank: number;
  readonly tool_name: string;
  readonly confidence: number;
  readonly reason: string;
  readonly support: number;
}

export interface NextTool {
  readonly tool_name: string;
  readonly sequence_score: number;
  readonly probability: number;
  readonly support: number;
  readonly reason: string;
}

export interface SuggestedParameter {
  readonly name: string;
  readonly value: unknown;
  readonly support: number;
  readonly share: number;
}

export interface Episode {
  readonly outcome: string;
  readonly episode_reward: number;
  readonly tool_sequence: readonly string[];
}

/** Of each tool's answer, what the examples read; docs/ and tools/list have the rest. */
export interface Answers {
  readonly register_tools: { readonly registered: number; readonly total: number };
  readonly recommend_tools: { readonly recommendation_id: string; readonly recommendations: readonly Recommended[] };
  readonly record_execution: { readonly execution_id: string; readonly reward: number; readonly q_value: number };
  readonly submit_feedback: { readonly reward_before: number; readonly reward_after: number };
  readonly log_episode: { readonly episode_id: string; readonly tool_sequence: readonly string[]; readonly ngrams_updated: number };
  readonly next_tool_by_sequence: { readonly recommendations: readonly NextTool[] };
  readonly suggest_parameters: {
    readonly suggested_params: Arguments;
    readonly confidence: number;
    readonly reason: string;
    readonly sample_size: number;
    readonly parameters: readonly SuggestedParameter[];
  };
  readonly get_tool_metrics: {
    readonly tools: readonly { readonly tool_name: string; readonly total_calls: number; readonly success_count: number }[];
  };
  readonly get_history: { readonly items: readonly Episode[] };
  readonly get_learning_stats: {
    readonly update_count: number;
    readonly recommendations: {
      readonly made: number;
      readonly followed: number;
      readonly success_when_followed: number | null;
      readonly success_otherwise: number | null;
    };
  };
}

export interface Toolwise {
  /** @throws Error with toolwise's own words when it answers with an error */
  ask<Name extends keyof Answers>(tool: Name, args?: Arguments): Promise<Answers[Name]>;
  close(): Promise<void>;
}

/**
 * Starts the built toolwise on a database file, as an MCP client's configuration would.
 * @throws Error when it is not built or does not start
 */
export async function startToolwise(db: string, flags: readonly string[] = []): Promise<Toolwise> {
  if (!existsSync(SCRIPT)) throw new Error('dist/toolwise.js does not exist: run `npm run build` first');
  const args = ['--db', db, ...flags];
  const remedy = 'run `npm ci` and `npm run build` again';
  const server = await startServer({ name: 'toolwise', script: SCRIPT, args, cwd: dirname(db), remedy });
  return { ask: (tool, args = {}) => ask(server, tool, args), close: () => server.close() };
}

async function ask<Name extends keyof Answers>(server: Server, tool: Name, args: Arguments): Promise<Answers[Name]> {
  const answer = await server.call(tool, args);
  if (!answer.ok) throw new Error(`toolwise refused ${tool}: ${answer.text}`);
  return answer.structured as Answers[Name];
}
