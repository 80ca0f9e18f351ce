import { type ParameterSuggestion, suggestParameters } from '../core/parameters.ts';
import type { Trx } from '../store/database.ts';
import { countCallsSince, successfulCalls } from '../store/executions.ts';
import { findToolsByName } from '../store/tools.ts';
import type { Engine } from './engine.ts';

export interface SuggestParametersInput {
  readonly tool_name: string;
  /** What the caller has decided already; always kept. */
  readonly partial_args?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: string | undefined;
  /** Latest successful calls that are looked at, count. */
  readonly limit?: number | undefined;
}

const DEFAULT_LIMIT = 100;

/** Values of the tool's parameters that worked before, weighted by recency, rating and likeness of the request. */
export async function suggestParametersFor(engine: Engine, input: SuggestParametersInput): Promise<ParameterSuggestion> {
  const limit = input.limit ?? DEFAULT_LIMIT;
  const { calls, attempts } = await engine.read((trx) => successesOf(trx, input.tool_name, limit));
  const examples = calls.map((call, age) => ({ ...call, arguments: JSON.parse(call.arguments) as Record<string, unknown>, age }));
  return suggestParameters({ examples, partial_args: input.partial_args ?? {}, query: input.query ?? null, limit, attempts });
}

/** The tool's latest successes, and how many calls it took to have them. */
async function successesOf(trx: Trx, tool_name: string, limit: number) {
  const [tool] = await findToolsByName(trx, [tool_name]);
  if (tool === undefined) return { calls: [], attempts: 0 };
  const calls = await successfulCalls(trx, tool.tool_id, limit);
  const oldest = calls.at(-1);
  return { calls, attempts: oldest === undefined ? 0 : await countCallsSince(trx, tool.tool_id, oldest.seq) };
}
