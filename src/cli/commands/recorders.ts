import type { Command, CommandCall } from '../command.ts';
import { flagOf } from '../settings/schema.ts';

/** The recorders are programs of their own, see main.ts: they come here only when settings stand before their name, and for `--help`. */

export const wrapCommand: Command = {
  name: 'wrap',
  about: 'run another MCP server and record the calls of its tools',
  details: 'More: toolwise wrap --help.',
  arguments: [{ name: '[command...]', about: 'after --: the server, as the client would start it' }],
  options: [{ flag: '--name <name>', about: "the server's name in the client's configuration" }],
  async run(call) {
    const { runWrap } = await import('../wrap/run-wrap.ts');
    await runWrap([...wordsOf(call), '--', ...call.arguments]);
    return Number(process.exitCode ?? 0);
  },
};

export const hookCommand: Command = {
  name: 'hook',
  about: 'record what a hook of Claude Code or Cursor is told on stdin',
  details: 'More: toolwise hook --help.',
  arguments: [],
  options: [
    { flag: '--hint', about: 'at a prompt, name the tools that are learned to work for it' },
    { flag: '--hint-threshold <number>', about: 'confidence from which a tool is named' },
  ],
  async run(call) {
    const { runHook } = await import('../hook/run-hook.ts');
    await runHook(wordsOf(call));
    return 0;
  },
};

/** As the recorders read them. */
function wordsOf({ given, options }: CommandCall): readonly string[] {
  const settings = Array.from(given.flags, ([name, value]) => `${flagOf(name)}=${value}`);
  const config = given.config === undefined ? [] : [`--config=${given.config}`];
  return [...settings, ...config, ...Array.from(options, ([flag, value]) => (value === true ? flag : `${flag}=${value}`))];
}
