import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../core/nearest.ts';
import { quoted } from '../core/quote.ts';
import { ConfigurationError } from '../errors.ts';
import { type SettingDescription, settingDescriptions } from './settings/schema.ts';

export type CommandName = 'serve' | 'status' | 'evaluate';

/** What the command line asks for. */
export type Invocation =
  | { readonly kind: 'print'; readonly text: string }
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      /** Only what was given, by setting name. */
      readonly flags: ReadonlyMap<string, string | boolean>;
      readonly config: string | undefined;
      readonly json: boolean;
    };

const COMMANDS: readonly CommandName[] = ['serve', 'status', 'evaluate'];
const WORDS: readonly string[] = [...COMMANDS, 'help'];
const SWITCH_VALUE = /^(true|false)$/i;

const EPILOGUE = `
Every flag has a variable: --ngram-length is TOOLWISE_NGRAM_LENGTH. A flag wins over its variable, both win over the --config file.
The server speaks MCP on stdin and stdout: start it from an MCP client (see mcp.json), not by hand.`;

/**
 * Reads the command line. Pure: prints nothing, ends nothing.
 * @param argv without the program and the script
 * @throws ConfigurationError for an unknown flag or command; it names the nearest known one
 */
export function parseCommandLine(argv: readonly string[], version: string): Invocation {
  const printed: string[] = [];
  let invocation: Invocation | undefined;
  const program = createProgram(version, printed, (command, options) => {
    invocation = { kind: 'run', command, ...sorted(options) };
  });
  try {
    program.parse(withExplicitSwitches(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'print', text: printed.join('') };
    throw new ConfigurationError(explain(error, argv, program));
  }
  return invocation ?? { kind: 'print', text: printed.join('') };
}

type Act = (command: CommandName, options: Readonly<Record<string, unknown>>) => void;

function createProgram(version: string, printed: string[], act: Act): Command {
  const program = quiet(new Command('toolwise'), printed)
    .description('MCP server that learns which tool to call')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help')
    .addHelpText('after', EPILOGUE)
    .option('--config <file>', 'JSON file with settings, {"ngram_length": 3, ...}');
  for (const description of settingDescriptions()) for (const option of optionsFor(description)) program.addOption(option);
  const serve = program.command('serve', { isDefault: true }).description('serve MCP on stdin and stdout (the default)');
  const status = program.command('status').description('show what has been learned').option('--json', 'print JSON instead of tables');
  const evaluate = program
    .command('evaluate')
    .description('judge the learned ranking on what was recorded')
    .option('--json', 'print JSON instead of tables');
  for (const command of [serve, status, evaluate]) {
    quiet(command, printed).action((_, self: Command) => act(self.name() as CommandName, self.optsWithGlobals()));
  }
  return program;
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
  return argv.map((item, at) => (switches.includes(item) && !SWITCH_VALUE.test(argv[at + 1] ?? '') ? `${item}=true` : item));
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

function sorted(options: Readonly<Record<string, unknown>>) {
  const flags = new Map<string, string | boolean>();
  for (const { name } of settingDescriptions()) {
    const value = options[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    if (typeof value === 'string' || typeof value === 'boolean') flags.set(name, value);
  }
  const config = options['config'];
  return { flags, config: typeof config === 'string' ? config : undefined, json: options['json'] === true };
}

/** `help` of a word that is no command ends in the last of them. */
const UNKNOWN_COMMAND: readonly string[] = ['commander.excessArguments', 'commander.unknownCommand', 'commander.help'];

function explain(error: CommanderError, argv: readonly string[], program: Command): string {
  if (error.code === 'commander.unknownOption') return unknownFlag(error, argv, program);
  if (UNKNOWN_COMMAND.includes(error.code)) return unknownCommand(argv, program);
  return `${error.message.replace(/^error: /, '')}; see toolwise --help`;
}

function unknownFlag(error: CommanderError, argv: readonly string[], program: Command): string {
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? argv.find((item) => item.startsWith('-')) ?? '';
  const known = [program, ...program.commands].flatMap((command) => command.options.flatMap((option) => option.long ?? []));
  return `unknown flag ${quoted(word)}; the nearest is ${nearest(word.split('=')[0] ?? word, [...known, '--help'])}`;
}

/** A word that is neither a flag nor its value: a command that does not exist, or one too many. */
function unknownCommand(argv: readonly string[], program: Command): string {
  const { operands, unknown } = program.parseOptions([...argv]);
  const words = [...operands, ...unknown];
  const word = words.find((item) => !WORDS.includes(item));
  if (word === undefined) return `${quoted(words.join(' '))} are two commands; give one`;
  return `unknown command ${quoted(word)}; the nearest is ${nearest(word, WORDS)}`;
}
