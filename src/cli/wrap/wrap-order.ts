import { quoted } from '../../core/quote.ts';
import { RECORDED_TEXTS } from '../../core/redaction/modes.ts';

/** What the command line of `toolwise wrap` asks for. */
export type WrapOrder =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'misuse'; readonly text: string }
  | {
      readonly kind: 'run';
      /** The server's name in the client's configuration; null: not given. */
      readonly name: string | null;
      /** Flags about settings, for `lightSettings`. */
      readonly flags: readonly string[];
      readonly command: string;
      readonly args: readonly string[];
    };

const FLAGS = ['--name', '--db', '--config', '--recorded-text'] as const;

export const WRAP_HELP = `Usage: toolwise wrap [options] -- command [args...]

Runs another MCP server and records the calls of its tools: starts the command, passes everything between it and the client on unchanged, and
notes which tool was called, how long it took and how it went. In a client's configuration, put it before the server's own command:
  "command": "toolwise", "args": ["wrap", "--name", "files", "--", "npx", "-y", "@modelcontextprotocol/server-filesystem", "/data"]

Options:
  --name <name>           the server's name in that configuration: its tools are recorded as mcp__<name>__<tool>
  --db <file>             database file
  --recorded-text <mode>  what is kept of arguments, results and errors: ${RECORDED_TEXTS.join(', ')} (default: redacted)
  --config <file>         JSON file with settings
  -h, --help              print this help

Other settings come from their TOOLWISE_... variables and the --config file: see toolwise --help. The exit code is that of the command;
127 when it was not found, 126 when it could not be started, 2 for wrong usage.
`;

/** Reads the command line. @param argv after the word `wrap` */
export function wrapOrder(argv: readonly string[]): WrapOrder {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  if (own.some((word) => word === '--help' || word === '-h')) return { kind: 'help', text: WRAP_HELP };
  const read = ownFlags(own);
  if (typeof read === 'string') return misuse(read);
  const [command, ...args] = end === -1 ? [] : argv.slice(end + 1);
  if (end === -1) return misuse('there is no --; give the server to run after it, as in: toolwise wrap -- npx some-server');
  if (command === undefined || command === '')
    return misuse('there is no command after --; give the server to run, as in: toolwise wrap -- npx some-server');
  return { kind: 'run', name: read.name, flags: read.flags, command, args };
}

/** A text is what is wrong. */
function ownFlags(words: readonly string[]): string | { readonly name: string | null; readonly flags: readonly string[] } {
  let name: string | null = null;
  const flags: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const flag = FLAGS.find((known) => word === known || word.startsWith(`${known}=`));
    if (flag === undefined) return unknownWord(word);
    const value = word === flag ? words[++at] : word.slice(flag.length + 1);
    if (value === undefined || value === '') return `${flag} needs a value`;
    if (flag === '--recorded-text' && !(RECORDED_TEXTS as readonly string[]).includes(value))
      return `--recorded-text is ${quoted(value)}; give ${RECORDED_TEXTS.join(', ')}`;
    if (flag === '--name') name = value;
    else flags.push(flag, value);
  }
  return { name, flags };
}

function unknownWord(word: string): string {
  if (!word.startsWith('-')) return `${quoted(word)} stands before --; put the command and its arguments after it`;
  return `${quoted(word)} is not a flag of wrap; it takes ${FLAGS.join(', ')}, other settings come from their TOOLWISE_... variables or the --config file`;
}

function misuse(text: string): WrapOrder {
  return { kind: 'misuse', text };
}
