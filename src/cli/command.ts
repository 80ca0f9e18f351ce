import type { Given } from './configure.ts';

/** A word that stands for itself, after the command. */
export interface CommandArgument {
  /** As the help shows it: `<file>` must be given, `[file]` may be, `<file...>` are one or more. */
  readonly name: string;
  readonly about: string;
}

/** A flag that only this command knows; those of the settings are known to all. */
export interface CommandOption {
  /** As the help shows it: `--json` is a switch, `--format <format>` takes a value. */
  readonly flag: string;
  readonly about: string;
  /** The values that may be given; absent: any. */
  readonly choices?: readonly string[];
}

/** What was asked of a command. */
export interface CommandCall {
  /** What a person said about settings: `configure` turns it into a configuration. */
  readonly given: Given;
  /** In their order. Those that may be left out may be missing. */
  readonly arguments: readonly string[];
  /** By flag, `--json`; a switch has the value `true`. Only what was given. */
  readonly options: ReadonlyMap<string, string | true>;
}

/** One command: what its help says, and what it does. */
export interface Command {
  readonly name: string;
  /** One line, in the list of commands. */
  readonly about: string;
  /** More, at the end of its own help. */
  readonly details?: string;
  readonly arguments: readonly CommandArgument[];
  readonly options: readonly CommandOption[];
  /**
   * What only this command needs is imported in here, so that no other command waits for it.
   * @returns the exit code: 0 is fine, 1 a finding
   * @throws ConfigurationError for wrong usage, UserError and StorageError for what cannot be done
   */
  run(call: CommandCall): Promise<number>;
}

export const JSON_OPTION: CommandOption = Object.freeze({ flag: '--json', about: 'print JSON instead of words' });
