import { randomBytes, randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { McpRecorder } from '../../capture/formats/mcp.ts';
import type { McpConnection } from '../../capture/formats/mcp-calls.ts';
import { label } from '../../capture/names.ts';
import { type LightSettings, lightSettings } from '../light-settings.ts';
import { complain, print } from '../output.ts';
import { spoolFolder } from '../spool/folder.ts';
import { type Exit, startedOrWhy, startServer } from './child.ts';
import { Collecting } from './collecting.ts';
import { serveWrapped } from './connection.ts';
import { endBy } from './endings.ts';
import { argumentsKeeper, Recording } from './recording.ts';
import { NOTHING_SEEN } from './relay.ts';
import { allSaid, sayOnce } from './say.ts';
import { type WrapOrder, wrapOrder } from './wrap-order.ts';

const MISUSE = 2;
/** The server is gone and the client waits for us: so long the last calls may take on their way into the database, milliseconds. */
const TAKE_IN_WITHIN_MS = 1_500;

type RunOrder = Extract<WrapOrder, { kind: 'run' }>;

/**
 * Runs another MCP server between the client and itself, and records its calls. Ends the process the way the server ended.
 * @param argv after the word `wrap`
 */
export async function runWrap(argv: readonly string[]): Promise<void> {
  const order = wrapOrder(argv);
  if (order.kind === 'help') {
    print(order.text);
    return;
  }
  if (order.kind === 'misuse') {
    complainAndExit(order.text, MISUSE);
    return;
  }
  const settings = settingsOf(order);
  if (settings?.file === ':memory:')
    complainAndExit('the database is :memory:, which nobody else can read; give the path of a file with --db', MISUSE);
  else await wrap(order, settings);
}

async function wrap(order: RunOrder, settings: LightSettings | null): Promise<void> {
  const server = startServer(order.command, order.args);
  const problem = await startedOrWhy(server, order.command);
  if (problem !== null) {
    complainAndExit(problem.text, problem.code);
    return;
  }
  const kept = settings === null ? null : recordingOf(order, settings);
  const exit = await serveWrapped(server, kept?.recording ?? NOTHING_SEEN);
  kept?.recording.end();
  await kept?.collecting.finish(TAKE_IN_WITHIN_MS);
  await allSaid();
  leaveLike(exit);
}

/** null: said why the settings do not allow it. A mistake in them must not cost the client its server. */
function settingsOf(order: RunOrder): LightSettings | null {
  try {
    const settings = lightSettings(order.flags);
    for (const problem of settings.problems) sayOnce(problem);
    return settings;
  } catch (error) {
    sayOnce(`calls are not recorded: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function recordingOf(order: RunOrder, { file, recorded_text, flags }: LightSettings) {
  const folder = spoolFolder(file);
  const name = `wrap-${process.pid}-${Date.now()}-${randomBytes(4).toString('hex')}.jsonl`;
  const collecting = new Collecting({ flags, folder, name });
  const recording = new Recording(
    new McpRecorder({ ...connectionOf(order), keepArguments: argumentsKeeper(recorded_text) }),
    { folder, name, recorded_text },
    collecting,
  );
  return { recording, collecting };
}

/** Claude Code names its session in the environment of the servers that it starts; its hooks and transcript tell the turns. */
function connectionOf({ name, command }: RunOrder): McpConnection {
  const id = randomUUID();
  const claude = process.env['CLAUDE_CODE_SESSION_ID'];
  const isTold = claude !== undefined && claude !== '';
  const session_id = isTold ? label('claude-code', claude) : label('wrap', name ?? basename(command), id);
  return { id, server: name, session_id, has_told_turns: isTold };
}

/** Ends this process with the code, or by the signal, that ended the server. */
function leaveLike({ code, signal }: Exit): void {
  if (signal === null) process.exit(code ?? 1);
  else endBy(signal);
}

function complainAndExit(text: string, code: number): void {
  complain(`toolwise wrap: ${text}`);
  process.exitCode = code;
}
