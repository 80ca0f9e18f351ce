import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { ConfigurationError, UserError } from '../../errors.ts';
import type { CommandCall } from '../command.ts';
import { configure } from '../configure.ts';
import { complain, print } from '../output.ts';
import { styleOfOutput } from '../terminal.ts';
import { atTerminal, chooseClients, confirm } from './ask.ts';
import type { Client } from './clients.ts';
import { detectClients, detectedText } from './detect.ts';
import { snippet } from './entry-change.ts';
import { isPassing, type Program, scriptPath } from './launch.ts';
import { changesOf, clientNamed, entryOf, fileOf, hooksOf, serverName } from './prepare.ts';
import { setUp } from './set-up.ts';
import type { Task } from './task.ts';
import { undo } from './undo.ts';

const OWNER_ONLY = 0o600;
const SHARED = 0o644;

/** `toolwise setup`. @returns the exit code */
export async function runSetup(call: CommandCall): Promise<number> {
  const { options, arguments: words } = call;
  const program = runningProgram();
  serverName(call);
  configure(call.given);
  const [name] = words;
  if (name === undefined) return await withoutName(call, program);
  const client = clientNamed(name);
  if (options.has('--print')) return printEntry(client, call, program);
  return await one(client, call, program);
}

async function one(client: Client, call: CommandCall, program: Program): Promise<number> {
  const task = taskOf(client, call, program);
  if (call.options.has('--undo')) return await undo(task);
  warn(call, program);
  return await setUp(task);
}

/** Nobody has said which client: shows what is there, and asks where somebody can answer. */
async function withoutName(call: CommandCall, program: Program): Promise<number> {
  const only = ['--print', '--undo', '--project', '--with-hooks', '--force'].find((flag) => call.options.has(flag));
  if (only !== undefined) throw new ConfigurationError(`${only} needs the name of a client: toolwise setup <client> ${only}`);
  const detected = detectClients(program.surroundings, serverName(call));
  if (!atTerminal() || !detected.some(({ is_installed }) => is_installed)) {
    print(detectedText(detected, `${invocation(program)} setup`, styleOfOutput()));
    return 0;
  }
  let code = 0;
  for (const client of await chooseClients(detected)) code = Math.max(code, await oneOfMany(client, call, program));
  return code;
}

/** What keeps one client from being set up keeps no other. */
async function oneOfMany(client: Client, call: CommandCall, program: Program): Promise<number> {
  try {
    return await one(client, call, program);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    complain(`toolwise: ${error.message}`);
    return 1;
  }
}

function printEntry(client: Client, call: CommandCall, program: Program): number {
  const entry = entryOf(client, call, program);
  const hooks = call.options.has('--with-hooks') ? hooksOf(client, call, program, entry) : null;
  print(hooks === null ? snippet(client, serverName(call), entry) : hooks.put(''));
  complain(`For ${hooks?.file ?? fileOf(client, call, program)}. ${client.pick_up}`);
  warn(call, program);
  return 0;
}

function taskOf(client: Client, call: CommandCall, program: Program): Task {
  const { options } = call;
  const name = serverName(call);
  const kept = [...options].flatMap(([flag, value]) => {
    if (!['--name', '--project'].includes(flag)) return [];
    return value === true ? [flag] : [flag, value];
  });
  return {
    client,
    name,
    changes: changesOf(client, call, program),
    mode_of_new: options.has('--project') ? SHARED : OWNER_ONLY,
    force: options.has('--force'),
    yes: options.has('--yes'),
    confirm: atTerminal() ? confirm : null,
    style: styleOfOutput(),
    undo_command: [invocation(program), 'setup', client.name, ...kept, '--undo'].join(' '),
  };
}

/** What a person should know before relying on the entry. */
function warn({ given }: CommandCall, program: Program): void {
  const { env } = program.surroundings;
  const unseen = Object.keys(env).filter((name) => name.startsWith('TOOLWISE_') && name !== 'TOOLWISE_RELAUNCHED');
  if (unseen.length > 0)
    complain(`toolwise: ${unseen.join(', ')} of this shell may not reach the client; give flags instead, they are written into the entry`);
  if (given.flags.get('db') === ':memory:') complain('toolwise: with --db :memory: the server forgets everything whenever it ends');
  if (isPassing(scriptPath(program)))
    complain('toolwise: this copy lies in the cache of npx, which npm empties; install toolwise and run setup from there');
}

function runningProgram(): Program {
  const { env, platform, execPath, argv } = process;
  return { node: execPath, script: argv[1] ?? '', surroundings: { env, platform, home: homedir(), cwd: process.cwd() }, realPath };
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** How this program was started. */
function invocation({ script }: Program): string {
  return script.endsWith('.js') ? `node ${/\s/.test(script) ? JSON.stringify(script) : script}` : 'toolwise';
}
