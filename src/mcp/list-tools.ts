import type { ListToolsResult } from '@modelcontextprotocol/sdk/types.js';
import type { Tool } from './define-tool.ts';
import { type Exposure, isExposed } from './exposure.ts';
import { toJsonSchema } from './json-schema.ts';
import { TOOLS } from './tools/registry.ts';

type ListedTool = ListToolsResult['tools'][number];

/** The tools this server offers, as tools/list tells them, in the registry's order. */
export function listedTools(exposure: Exposure): ListedTool[] {
  return [...TOOLS.values()].filter((tool) => isExposed(tool, exposure)).map(listed);
}

/** One tool as tools/list tells it. */
export function listed(tool: Tool): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: toJsonSchema(tool.inputSchema, 'input') as ListedTool['inputSchema'],
    outputSchema: toJsonSchema(tool.outputSchema, 'output') as NonNullable<ListedTool['outputSchema']>,
    annotations: { ...tool.annotations },
  };
}
