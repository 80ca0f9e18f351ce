import { hashText } from '../hashing.ts';
import { words } from '../text.ts';

/** A tool as the signals see it. */
export interface Tool {
  readonly name: string;
  /** Unsigned 32-bit hash of the name: what the hashed weights are keyed by. */
  readonly hash: number;
  /** Of the part of the name before its last separator, which names a server or a group; 0: none. */
  readonly group: number;
  readonly description: string;
  readonly parameters: readonly string[];
}

/** Any tool that is not named. */
export const UNKNOWN_TOOL: Tool = Object.freeze({ name: '', hash: 0, group: 0, description: '', parameters: [] });

const LAST_SEPARATOR = /^(.+?)(?:__|[./:])[^./:]+$/;

/** All tools of the log by name, in order of appearance. */
export class Catalogue {
  readonly #tools = new Map<string, Tool>();

  all(): Tool[] {
    return [...this.#tools.values()];
  }

  /** The known tool, or one that has only its name, which is not kept: asking changes nothing. */
  find(name: string): Tool {
    return this.#tools.get(name) ?? toolOf(name, null, null);
  }

  has(name: string): boolean {
    return this.#tools.has(name);
  }

  save(): readonly Tool[] {
    return this.all();
  }

  load(saved: readonly Tool[]): void {
    for (const tool of saved) this.#tools.set(tool.name, tool);
  }

  add(name: string, description: string | null, input_schema: unknown): Tool {
    const tool = toolOf(name, description, input_schema);
    this.#tools.set(name, tool);
    return tool;
  }
}

function toolOf(name: string, description: string | null, input_schema: unknown): Tool {
  const group = LAST_SEPARATOR.exec(name)?.[1];
  return {
    name,
    hash: hashText(name),
    group: group === undefined ? 0 : hashText(group),
    description: description ?? '',
    parameters: parameterNames(input_schema),
  };
}

function parameterNames(input_schema: unknown): string[] {
  const properties =
    typeof input_schema === 'object' && input_schema !== null && 'properties' in input_schema ? input_schema.properties : null;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties).flatMap(words) : [];
}
