const LONGEST = 128;

/** A tool's name in the shape of the contract: other characters become `_`, as clients write them too. */
export function toolName(name: string): string {
  return name.replace(/[^A-Za-z0-9_./:@-]/g, '_').slice(0, LONGEST) || '_';
}

/** A tool of an MCP server, whoever reports it: `mcp__server__tool`, as Claude Code writes it. */
export function mcpToolName(server: string, tool: string): string {
  return toolName(`mcp__${server}__${tool}`);
}

/**
 * A session, or a part of one, as a label of the contract: printable ASCII, at most 128 characters. Parts are joined by `/`.
 * @example label('claude-code', session_id, agent_id)
 */
export function label(...parts: readonly (string | null | undefined)[]): string {
  const told = parts.filter((part): part is string => typeof part === 'string' && part !== '');
  return (
    told
      .join('/')
      .replace(/[^ -~]/g, '_')
      .slice(0, LONGEST) || '_'
  );
}

/** Whether a tool is one of toolwise itself, whose calls teach nothing: `mcp__toolwise__…`, `mcp__plugin_toolwise_toolwise__…`. */
export function isOwnTool(tool_name: string): boolean {
  return /^(mcp__|MCP:)(plugin_)?toolwise(_toolwise)?(__|:)/i.test(tool_name);
}
