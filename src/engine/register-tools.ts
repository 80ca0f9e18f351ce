import { increment } from '../store/learner.ts';
import { insertRegistration, registrationsOf } from '../store/registrations.ts';
import { countKnownTools } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { keptRegistration } from './kept-texts.ts';

export interface ToolDescription {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema of the tool's arguments. */
  readonly input_schema?: Readonly<Record<string, unknown>> | undefined;
}

export interface RegisterToolsOutput {
  /** Tools that were not registered before, count. */
  readonly registered: number;
  /** Tools that were, count. */
  readonly updated: number;
  /** Tools known after the call, count. */
  readonly total: number;
}

/** Makes tools known before anybody has called them; a tool that is registered already gets what is new of its description and schema. */
export async function registerTools(engine: Engine, input: { readonly tools: readonly ToolDescription[] }): Promise<RegisterToolsOutput> {
  const told = [...new Map(input.tools.map((tool) => [tool.name, tool])).values()];
  const tools = told.map((tool) => keptRegistration(tool, engine.settings.recorded_text));
  return await engine.write(async (trx) => {
    const ids = await engine.catalogue.ids(
      trx,
      tools.map((tool) => tool.name),
    );
    const before = await registrationsOf(trx, ids);
    for (const [at, tool_id] of ids.entries()) {
      const tool = tools[at];
      const known = before.get(tool_id);
      const description = tool?.description ?? known?.description ?? null;
      const input_schema = tool?.input_schema === undefined ? (known?.input_schema ?? null) : JSON.stringify(tool.input_schema);
      if (known?.description === description && known.input_schema === input_schema) continue;
      const { log_position } = await increment(trx, 'log_position');
      await insertRegistration(trx, { log_position, tool_id, description, input_schema, created_at_ms: engine.clock() });
    }
    return { registered: tools.length - before.size, updated: before.size, total: await countKnownTools(trx) };
  });
}
