import { homedir } from 'node:os';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { inert } from '../../core/quote.ts';
import { UserError } from '../../errors.ts';
import { VERSION } from '../../version.ts';

const LONGEST_WAIT_MS = 20_000;
const KEPT_OF_STDERR = 2000;

export interface Started {
  readonly version: string;
  /** Tools offered, count. */
  readonly tools: number;
}

/**
 * Starts a server as a client would, with its command alone and hardly any variables, asks for its tools and ends it.
 * @param entry what stands in the client's file
 * @throws UserError that says why it does not start, with the end of its stderr
 */
export async function tryServer(entry: unknown): Promise<Started> {
  const { command, args, env } = partsOf(entry);
  // Clients start servers in any folder, so that nothing may depend on the one of this terminal.
  const transport = new StdioClientTransport({
    command,
    args,
    env: { ...getDefaultEnvironment(), ...env },
    cwd: homedir(),
    stderr: 'pipe',
  });
  const heard = listen(transport);
  const client = new Client({ name: 'toolwise-setup', version: VERSION });
  try {
    await client.connect(transport, { timeout: LONGEST_WAIT_MS });
    const { tools } = await client.request({ method: 'tools/list' }, ListToolsResultSchema, { timeout: LONGEST_WAIT_MS });
    return { version: client.getServerVersion()?.version ?? 'unknown', tools: tools.length };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`the server does not start: ${inert(reason)}${heard.end()}`);
  } finally {
    await client.close();
  }
}

function listen(transport: StdioClientTransport): { end(): string } {
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-KEPT_OF_STDERR);
  });
  return { end: () => (stderr.trim() === '' ? '' : `\n${stderr.trim().split('\n').map(inert).join('\n')}`) };
}

function partsOf(entry: unknown): { readonly command: string; readonly args: string[]; readonly env: Record<string, string> } {
  const { command, args, env } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  if (typeof command !== 'string') throw new UserError('the entry has no command');
  const variables = typeof env === 'object' && env !== null ? Object.entries(env) : [];
  return {
    command,
    args: Array.isArray(args) ? args.map(String) : [],
    env: Object.fromEntries(variables.filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
  };
}
