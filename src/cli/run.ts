import { ConfigurationError, StorageError, UserError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands/registry.ts';
import { complain, print } from './output.ts';
import { parseCommandLine } from './parse.ts';

/** Exit code of a wrong flag, variable or configuration file. */
const MISUSE = 2;
const FAILURE = 1;

/** Runs the command that `argv` asks for. @param argv without the program and the script */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    const invocation = parseCommandLine(argv, VERSION, COMMANDS);
    if (invocation.kind === 'print') return print(invocation.text);
    const command = COMMANDS.find(({ name }) => name === invocation.command);
    process.exitCode = await command?.run(invocation);
  } catch (error) {
    process.exitCode = error instanceof ConfigurationError ? MISUSE : FAILURE;
    for (const line of explained(error).split('\n')) complain(`toolwise: ${line}`);
  }
}

/** What a person can do something about is said in words; the rest with its stack. */
function explained(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof StorageError || error instanceof UserError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
