import { homedir } from 'node:os';
import { ConfigurationError, StorageError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { evaluate } from './commands/evaluate.ts';
import { serve } from './commands/serve.ts';
import { status } from './commands/status.ts';
import { checkDatabaseFile } from './data-folder.ts';
import { complain, print } from './output.ts';
import { type Invocation, parseCommandLine } from './parse.ts';
import { configPath, readConfigFile } from './settings/config-file.ts';
import { mergeSettings } from './settings/merge.ts';
import { expandHome, type Surroundings } from './settings/paths.ts';
import { type Configuration, resolveSettings } from './settings/resolve.ts';

/** Exit code of a wrong flag, variable or configuration file. */
const MISUSE = 2;

/** Runs the command that `argv` asks for. @param argv without the program and the script */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    const invocation = parseCommandLine(argv, VERSION);
    if (invocation.kind === 'print') return print(invocation.text);
    const configuration = configure(invocation);
    if (invocation.command === 'status') await status(configuration, { json: invocation.json });
    else if (invocation.command === 'evaluate') await evaluate(configuration, { json: invocation.json });
    else await serve(configuration);
  } catch (error) {
    fail(error);
  }
}

function configure({ flags, config }: Extract<Invocation, { kind: 'run' }>): Configuration {
  const { env, platform } = process;
  const surroundings: Surroundings = { env, platform, home: homedir(), cwd: process.cwd() };
  const given = configPath(config, env);
  const file_path = given.path === undefined ? '' : expandHome(given.path, surroundings);
  const merged = mergeSettings({ flags, env, file: given.path === undefined ? {} : readConfigFile(file_path), file_path });
  for (const warning of [...given.warnings, ...merged.warnings]) complain(`toolwise warn: ${warning}`);
  const configuration = resolveSettings(merged, surroundings);
  checkDatabaseFile(configuration.file);
  return configuration;
}

function fail(error: unknown): void {
  if (error instanceof ConfigurationError) {
    for (const line of error.message.split('\n')) complain(`toolwise: ${line}`);
    process.exitCode = MISUSE;
    return;
  }
  complain(
    error instanceof StorageError ? `toolwise: ${error.message}` : `toolwise: ${error instanceof Error ? error.stack : String(error)}`,
  );
  process.exitCode = 1;
}
