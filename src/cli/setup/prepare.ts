import { resolve } from 'node:path';
import { nearest } from '../../core/nearest.ts';
import { quoted } from '../../core/quote.ts';
import { ConfigurationError } from '../../errors.ts';
import type { CommandCall } from '../command.ts';
import { CLIENTS, type Client, claudeFolder, inFolder } from './clients.ts';
import { readConfig } from './config-file.ts';
import { onFile } from './edit.ts';
import { entryChange, entryIn } from './entry-change.ts';
import type { FileChange } from './file-change.ts';
import { claudeHooks, cursorHooks, type HookCommand } from './hooks-change.ts';
import { type Entry, flagsOf, lastingNode, type Program, scriptPath, serverFlags } from './launch.ts';

const SERVER_NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Clients with hooks that toolwise knows. */
const HOOKED: readonly string[] = ['claude-code', 'cursor'];
/** Flags that the recorder knows too. */
const RECORDER_FLAGS: readonly string[] = ['--config', '--db', '--recorded-text'];

/** @throws ConfigurationError when there is no such client; it names the nearest */
export function clientNamed(name: string): Client {
  const client = CLIENTS.find((candidate) => candidate.name === name);
  if (client !== undefined) return client;
  const names = CLIENTS.map((candidate) => candidate.name);
  throw new ConfigurationError(`unknown client ${quoted(name)}; the nearest is ${nearest(name, names)}. Known are ${names.join(', ')}`);
}

/** @throws ConfigurationError for a name that some client would not take */
export function serverName({ options }: Pick<CommandCall, 'options'>): string {
  const name = options.get('--name') ?? 'toolwise';
  if (typeof name === 'string' && SERVER_NAME.test(name)) return name;
  throw new ConfigurationError(`--name is ${quoted(name)}; give 1 to 64 letters, digits, _ or -`);
}

/** The file that is to change. @throws ConfigurationError where the client has none in a project */
export function fileOf(client: Client, { options }: CommandCall, { surroundings }: Program): string {
  if (!options.has('--project')) return client.userFile(surroundings);
  if (client.project_file !== null) return resolve(surroundings.cwd, client.project_file);
  throw new ConfigurationError(`${client.name} has no configuration of a project; leave --project out`);
}

/** How the client is to start the server. Flags of an entry that is there stay where the call gives none. */
export function entryOf(client: Client, call: CommandCall, program: Program): Entry {
  const given = serverFlags(call.given, program.surroundings);
  const flags = given.length > 0 || call.options.has('--print') ? given : flagsThere(client, call, program);
  const entry = { command: lastingNode(program), args: [scriptPath(program), ...flags] };
  return client.typed ? { type: 'stdio', ...entry } : entry;
}

function flagsThere(client: Client, call: CommandCall, program: Program): readonly string[] {
  const file = fileOf(client, call, program);
  return onFile(file, () => flagsOf(entryIn(client, readConfig(file, 0).text, serverName(call))));
}

/** Everything that is to change. Hooks that are there are taken out with the server, asked or not: they would start nothing any more. */
export function changesOf(client: Client, call: CommandCall, program: Program): readonly FileChange[] {
  const entry = entryOf(client, call, program);
  const server = entryChange(client, fileOf(client, call, program), serverName(call), entry);
  if (call.options.has('--with-hooks')) return [server, hooksOf(client, call, program, entry)];
  if (!call.options.has('--undo') || !HOOKED.includes(client.name)) return [server];
  const hooks = hooksOf(client, call, program, entry);
  return onFile(hooks.file, () => hooks.state(readConfig(hooks.file, 0).text)) === 'ours' ? [server, hooks] : [server];
}

/** @throws ConfigurationError where the client has no hooks that toolwise knows */
export function hooksOf(client: Client, { options }: CommandCall, { surroundings }: Program, { command, args }: Entry): FileChange {
  const [script = '', ...flags] = args;
  const hook: HookCommand = { command, args: [script, 'hook', ...recorderFlags(flags)] };
  const inProject = options.has('--project');
  if (client.name === 'claude-code') {
    const folder = inProject ? resolve(surroundings.cwd, '.claude') : claudeFolder(surroundings);
    return claudeHooks(inFolder(surroundings, folder, 'settings.json'), hook);
  }
  if (client.name === 'cursor') {
    const folder = inProject ? surroundings.cwd : surroundings.home;
    return cursorHooks(inFolder(surroundings, folder, '.cursor', 'hooks.json'), hook, surroundings.platform);
  }
  throw new ConfigurationError(`--with-hooks is for claude-code and cursor; leave it out for ${client.name}`);
}

function recorderFlags(flags: readonly string[]): readonly string[] {
  return flags.filter((word, at) => RECORDER_FLAGS.includes(word.split('=')[0] ?? '') || RECORDER_FLAGS.includes(flags[at - 1] ?? ''));
}
