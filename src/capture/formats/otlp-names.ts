/**
 * Attributes of spans that are read, the newest name first: the conventions are in development and rename them. Source: open-telemetry/
 * semantic-conventions-genai, docs/gen-ai/gen-ai-spans.md and docs/gen-ai/mcp.md, commit 002c8a6 (read 2026-11-24).
 */
export const ATTRIBUTES = Object.freeze({
  operation: ['gen_ai.operation.name'],
  method: ['mcp.method.name'],
  tool_name: ['gen_ai.tool.name', 'mcp.tool.name'],
  tool_description: ['gen_ai.tool.description'],
  tool_definitions: ['gen_ai.tool.definitions'],
  call_id: ['gen_ai.tool.call.id'],
  call_arguments: ['gen_ai.tool.call.arguments', 'gen_ai.tool.arguments'],
  call_result: ['gen_ai.tool.call.result', 'gen_ai.tool.result'],
  conversation: ['gen_ai.conversation.id', 'session.id'],
  mcp_session: ['mcp.session.id'],
  input_messages: ['gen_ai.input.messages', 'gen_ai.prompt'],
  error_type: ['error.type'],
});

export const EXECUTE_TOOL = 'execute_tool';
export const INVOKE_AGENT = 'invoke_agent';
export const TOOLS_CALL = 'tools/call';
/** The name of a tool span where no attribute has the tool's: `execute_tool search`. */
export const SPAN_NAME = /^(?:execute_tool|tools\/call) +(.+)$/;
/** Events of older conventions that hold the user's words. */
export const USER_MESSAGE_EVENT = 'gen_ai.user.message';
