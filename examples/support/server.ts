import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ErrorCode, McpError, type Tool } from '@modelcontextprotocol/sdk/types.js';

export type Arguments = Readonly<Record<string, unknown>>;

export interface ServerCommand {
  readonly name: string;
  /** The script that Node runs, and its arguments. */
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to do when the server does not start. */
  readonly remedy: string;
}

/** What a tool call came to: a JSON-RPC error and an `isError` result are both `ok: false`. */
export interface Answer {
  readonly ok: boolean;
  readonly text: string;
  readonly structured: unknown;
  readonly elapsed_ms: number;
}

export interface Server {
  readonly name: string;
  /** The server's own answer to tools/list. */
  readonly tools: readonly Tool[];
  call(tool: string, args: Arguments): Promise<Answer>;
  close(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const STDERR_KEPT = 2_000;

/**
 * Starts an MCP server as a child process over stdio and asks for its tools.
 * @throws Error that names the server, repeats the end of its stderr and says what to do
 */
export async function startServer(command: ServerCommand): Promise<Server> {
  const { name, script, args, cwd, env } = command;
  const transport = new StdioClientTransport({ command: process.execPath, args: [script, ...args], cwd, env: { ...env }, stderr: 'pipe' });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT);
  });
  const client = new Client({ name: 'toolwise-examples', version: '1.0.0' });
  try {
    await client.connect(transport, { timeout: START_TIMEOUT_MS });
    const { tools } = await client.listTools(undefined, { timeout: START_TIMEOUT_MS });
    return { name, tools, call: (tool, args) => callTool(client, tool, args, () => gone(name, stderr)), close: () => client.close() };
  } catch (cause) {
    await client.close();
    throw new Error(`the ${name} server did not start: ${command.remedy}\n${stderr.trim()}`.trimEnd(), { cause });
  }
}

async function callTool(client: Client, tool: string, args: Arguments, goneError: () => Error): Promise<Answer> {
  const start = performance.now();
  try {
    // Not client.callTool: it would refuse some calls itself, and only the server's own answer counts here.
    const result = await client.request({ method: 'tools/call', params: { name: tool, arguments: args } }, CallToolResultSchema);
    const text = result.content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
    return { ok: result.isError !== true, text, structured: result.structuredContent, elapsed_ms: performance.now() - start };
  } catch (error) {
    if (!(error instanceof McpError) || error.code === ErrorCode.ConnectionClosed) throw goneError();
    return { ok: false, text: error.message, structured: undefined, elapsed_ms: performance.now() - start };
  }
}

function gone(name: string, stderr: string): Error {
  return new Error(`the ${name} server went away in the middle of a call\n${stderr.trim()}`.trimEnd());
}
