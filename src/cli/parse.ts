import { Argument, Command, CommanderError, Option } from 'commander';
import { ConfigurationError } from '../errors.ts';
import type { Command as Definition } from './command.ts';
import type { Given } from './configure.ts';
import { type SettingDescription, settingDescriptions } from './settings/schema.ts';
import { explainMisuse } from './usage-errors.ts';

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'print'; readonly text: string }
  | {
      readonly kind: 'run';
      /** Name of the command. */
      readonly command: string;
      readonly given: Given;
      readonly arguments: readonly string[];
      /** Of the command itself, by flag; only what was given. */
      readonly options: ReadonlyMap<string, string | true>;
    };

const SWITCH_VALUE = /^(true|false)$/i;

const EPILOGUE = `
Every flag has a variable: --ngram-length is TOOLWISE_NGRAM_LENGTH. A flag wins over its variable, both win over the --config file.
The server speaks MCP on stdin and stdout: start it from an MCP client (see mcp.json), not by hand.
Exit codes: 0 fine, 1 a finding or a failure, 2 wrong usage.`;

const SETTINGS_HINT = 'Takes --db <file>, --config <file> and every other setting too: see toolwise --help.';

/**
 * Reads the command line. Pure: prints nothing, ends nothing.
 * @param argv without the program and the script
 * @param definitions the commands; the first is the one that runs without a word
 * @throws ConfigurationError for an unknown flag or command; it names the nearest known one
 */
export function parseCommandLine(argv: readonly string[], version: string, definitions: readonly Definition[]): Invocation {
  const printed: string[] = [];
  let invocation: Invocation | undefined;
  const program = createProgram(version, printed);
  for (const definition of definitions) {
    const command = addCommand(program, definition, definition === definitions[0], printed);
    command.action(() => {
      invocation = { kind: 'run', command: definition.name, ...asked(command, definition) };
    });
  }
  try {
    program.parse(withExplicitSwitches(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'print', text: printed.join('') };
    throw new ConfigurationError(explainMisuse(error, argv, program, definitions));
  }
  return invocation ?? { kind: 'print', text: printed.join('') };
}

function createProgram(version: string, printed: string[]): Command {
  const program = quiet(new Command('toolwise'), printed)
    .description('MCP server that learns which tool to call')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help')
    .addHelpText('after', EPILOGUE)
    .option('--config <file>', 'JSON file with settings, {"ngram_length": 3, ...}');
  for (const description of settingDescriptions()) for (const option of optionsFor(description)) program.addOption(option);
  return program;
}

function addCommand(program: Command, definition: Definition, isDefault: boolean, printed: string[]): Command {
  const { name, about, details } = definition;
  const command = quiet(program.command(name, { isDefault }), printed)
    .description(about)
    .addHelpText('after', `\n${details === undefined ? '' : `${details}\n`}${SETTINGS_HINT}`);
  for (const argument of definition.arguments) command.addArgument(new Argument(argument.name, argument.about));
  for (const { flag, about: told, choices } of definition.options) {
    const option = new Option(flag, told);
    command.addOption(choices === undefined ? option : option.choices(choices));
  }
  return command;
}

function quiet(command: Command, printed: string[]): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: (text) => printed.push(text), writeErr: () => {} });
}

/** A bare switch before a word that is no value of it is written out: commander would take the command in `--read-only serve` for one. */
function withExplicitSwitches(argv: readonly string[]): string[] {
  const switches = settingDescriptions().flatMap(({ flag, kind }) => (kind === 'boolean' ? [flag] : []));
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.map((item, at) => (at < end && switches.includes(item) && !SWITCH_VALUE.test(argv[at + 1] ?? '') ? `${item}=true` : item));
}

function optionsFor(description: SettingDescription): readonly Option[] {
  const { flag, kind, about } = description;
  if (kind !== 'boolean') return [valueOption(description)];
  return [new Option(`${flag} [true|false]`, about), new Option(flag.replace('--', '--no-')).hideHelp()];
}

function valueOption({ flag, kind, allowed, default: fallback, about, name }: SettingDescription): Option {
  const unquoted = fallback.replaceAll('`', '');
  const range = name === 'db' || name === 'domain_keywords' ? '' : `: ${allowed}`;
  const told = name === 'domain_keywords' ? '19 words of finance' : unquoted;
  return new Option(
    `${flag} <${kind === 'list' ? 'words' : name === 'db' ? 'file' : kind}>`,
    `${about.replaceAll('`', '')}${range} (default: ${told})`,
  );
}

function asked(command: Command, { options }: Definition): Pick<Extract<Invocation, { kind: 'run' }>, 'given' | 'arguments' | 'options'> {
  const values = command.optsWithGlobals<Record<string, unknown>>();
  const given = new Map<string, string | true>();
  for (const option of command.options.filter(({ flags }) => options.some(({ flag }) => flag === flags))) {
    const value = values[option.attributeName()];
    // Of `--no-x`, commander says what `x` is.
    const told = option.negate ? value === false : value;
    if (typeof told === 'string' || told === true) given.set(option.long ?? option.flags, told);
  }
  const { config } = values;
  return {
    given: { flags: flagsIn(values), config: typeof config === 'string' ? config : undefined },
    arguments: command.args,
    options: given,
  };
}

function flagsIn(values: Readonly<Record<string, unknown>>): Map<string, string | boolean> {
  const flags = new Map<string, string | boolean>();
  for (const { name } of settingDescriptions()) {
    const value = values[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    if (typeof value === 'string' || typeof value === 'boolean') flags.set(name, value);
  }
  return flags;
}
