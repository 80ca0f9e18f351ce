import type { ToolEvent } from '../events.ts';
import { isRecord } from '../outcome.ts';

const MOST_TOOLS = 5000;

/** The tools that a server listed. A list that says the same again gives no events. */
export class McpCatalogue {
  readonly #known = new Map<string, string>();

  /** @param result of `tools/list`, one page @param named a tool's name as it is recorded */
  eventsOf(result: unknown, named: (tool: string) => string, at_ms: number): ToolEvent[] {
    const tools: readonly unknown[] = isRecord(result) && Array.isArray(result['tools']) ? result['tools'] : [];
    return tools.flatMap((tool) => {
      if (!isRecord(tool) || typeof tool['name'] !== 'string') return [];
      const event = { kind: 'tool' as const, at_ms, tool_name: named(tool['name']), ...saidOf(tool) };
      return this.#isNew(event) ? [event] : [];
    });
  }

  #isNew({ tool_name, description, input_schema }: ToolEvent): boolean {
    const said = JSON.stringify([description, input_schema]);
    const before = this.#known.get(tool_name);
    if (before === said || (before === undefined && this.#known.size >= MOST_TOOLS)) return false;
    this.#known.set(tool_name, said);
    return true;
  }
}

function saidOf(tool: Readonly<Record<string, unknown>>): Pick<ToolEvent, 'description' | 'input_schema'> {
  const { description, title, inputSchema } = tool;
  const text = [description, title].find((value) => typeof value === 'string' && value !== '');
  return { description: typeof text === 'string' ? text : null, input_schema: isRecord(inputSchema) ? inputSchema : null };
}
