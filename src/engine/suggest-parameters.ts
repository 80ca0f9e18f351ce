import { choicesIn, type Familiar, offeredArguments, textsIn } from '../core/offered-values.ts';
import { type ParameterSuggestion, suggestParameters } from '../core/parameters.ts';
import type { Trx } from '../store/database.ts';
import { countCallsSince, successfulCalls } from '../store/executions.ts';
import { registrationsOf } from '../store/registrations.ts';
import { findToolsByName } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { keptState } from './kept-texts.ts';

export interface SuggestParametersInput {
  readonly tool_name: string;
  /** What the caller has decided already; always kept. */
  readonly partial_args?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: string | undefined;
  /** Latest successful calls that are looked at, count. */
  readonly limit?: number | undefined;
}

const DEFAULT_LIMIT = 100;

/** Values of the tool's parameters that worked before, weighted by recency, rating and likeness of the request. No free text among them. */
export async function suggestParametersFor(engine: Engine, input: SuggestParametersInput): Promise<ParameterSuggestion> {
  const limit = input.limit ?? DEFAULT_LIMIT;
  const { calls, attempts, schema } = await engine.read((trx) => successesOf(trx, input.tool_name, limit));
  const partial_args = input.partial_args ?? {};
  const { query } = keptState(input, engine.settings.recorded_text);
  const familiar: Familiar = {
    own_texts: [...(input.query === undefined ? [] : [input.query]), ...textsIn(partial_args)],
    schema_values: schema === null ? new Set() : choicesIn(JSON.parse(schema)),
  };
  const examples = calls.map((call, age) => ({
    ...call,
    arguments: offeredArguments(JSON.parse(call.arguments) as Record<string, unknown>, familiar),
    age,
  }));
  return suggestParameters({ examples, partial_args, query: query ?? null, limit, attempts });
}

/** The tool's latest successes, how many calls it took to have them, and the schema of its arguments. */
async function successesOf(trx: Trx, tool_name: string, limit: number) {
  const [tool] = await findToolsByName(trx, [tool_name]);
  if (tool === undefined) return { calls: [], attempts: 0, schema: null };
  const schema = (await registrationsOf(trx, [tool.tool_id])).get(tool.tool_id)?.input_schema ?? null;
  const calls = await successfulCalls(trx, tool.tool_id, limit);
  const oldest = calls.at(-1);
  return { calls, schema, attempts: oldest === undefined ? 0 : await countCallsSince(trx, tool.tool_id, oldest.seq) };
}
