import type { CommanderError, Command as Program } from 'commander';
import { nearest } from '../core/nearest.ts';
import { quoted } from '../core/quote.ts';
import type { Command } from './command.ts';

/** `help` of a word that is no command ends in the last of them. */
const UNKNOWN_COMMAND: readonly string[] = ['commander.excessArguments', 'commander.unknownCommand', 'commander.help'];

/** What is wrong with a command line, and what was probably meant: one line. */
export function explainMisuse(error: CommanderError, argv: readonly string[], program: Program, commands: readonly Command[]): string {
  const called = commands.find(({ name }) => name === argv.find((item) => commands.some((command) => command.name === item)));
  if (error.code === 'commander.unknownOption') return unknownFlag(error, argv, program, called, commands);
  const takesWords = called !== undefined && called.arguments.length > 0;
  if (UNKNOWN_COMMAND.includes(error.code) && !takesWords) return unknownCommand(argv, program, commands);
  return `${error.message.replace(/^error: /, '').replace(/\.$/, '')}; see toolwise ${takesWords ? `${called.name} ` : ''}--help`;
}

function unknownFlag(
  error: CommanderError,
  argv: readonly string[],
  program: Program,
  called: Command | undefined,
  commands: readonly Command[],
): string {
  const word = /'([^']*)'/.exec(error.message)?.[1] ?? argv.find((item) => item.startsWith('-')) ?? '';
  const flag = word.split('=')[0] ?? word;
  const owners = commands.filter(({ options }) => options.some((option) => longOf(option.flag) === flag)).map(({ name }) => name);
  if (owners.length > 0) return `${called?.name ?? commands[0]?.name} does not take ${flag}; it belongs to ${owners.join(', ')}`;
  const own = (called === undefined ? commands : [called]).flatMap(({ options }) => options.map((option) => longOf(option.flag)));
  const known = [...program.options.flatMap((option) => option.long ?? []), ...own, '--help'];
  return `unknown flag ${quoted(word)}; the nearest is ${nearest(flag, known)}`;
}

function longOf(flag: string): string {
  return flag.split(' ')[0] ?? flag;
}

/** A word that is neither a flag nor its value: a command that does not exist, or one too many. */
function unknownCommand(argv: readonly string[], program: Program, commands: readonly Command[]): string {
  const known = [...commands.map(({ name }) => name), 'help'];
  const { operands, unknown } = program.parseOptions([...argv]);
  const words = [...operands, ...unknown];
  const word = words.find((item) => !known.includes(item));
  if (word === undefined) return `${quoted(words.join(' '))} are two commands; give one`;
  return `unknown command ${quoted(word)}; the nearest is ${nearest(word, known)}`;
}
