import { exitedWithError } from './exit-code.ts';
import { asRecord, asText } from './fields.ts';

/**
 * Whether the flags in what a built-in tool of Claude Code gave back (`tool_response` of a hook, `toolUseResult` of a transcript) say that it came
 * to nothing: Bash's `interrupted`, an exit code that is not 0, and `success: false` of some others. A code that Claude Code interprets (of
 * grep: "No matches found") is no error. What MCP servers give back is data: it has no such flags.
 */
export function cameToNothing(tool_name: string | null, answer: unknown): boolean {
  const flags = tool_name?.startsWith('mcp__') === true ? null : asRecord(answer);
  if (flags === null) return false;
  const is_error = exitedWithError(flags) && asText(flags['returnCodeInterpretation']) === null;
  return flags['interrupted'] === true || flags['success'] === false || is_error;
}
