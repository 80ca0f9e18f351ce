import type { Tool, Toolset } from './define-tool.ts';

/** Which tools this server offers: the policy, apart from the tools themselves. */
export interface Exposure {
  readonly toolsets: readonly Toolset[];
  /** Only tools with readOnlyHint. */
  readonly read_only: boolean;
}

export const DEFAULT_TOOLSETS: readonly Toolset[] = Object.freeze(['agent', 'insight'] as const);

export function isExposed(tool: Tool, exposure: Exposure): boolean {
  return whyHidden(tool, exposure) === null;
}

/** What would make a hidden tool visible, as a sentence for the client; null: it is visible. */
export function whyHidden(tool: Tool, { toolsets, read_only }: Exposure): string | null {
  if (read_only && !tool.annotations.readOnlyHint)
    return `tool ${tool.name} writes and this server runs with --read-only; start it without that flag`;
  if (toolsets.includes(tool.toolset)) return null;
  return `tool ${tool.name} belongs to toolset ${tool.toolset}; start the server with --toolsets ${[...toolsets, tool.toolset].join(',')}`;
}
