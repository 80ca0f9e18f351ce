import { resolve } from 'node:path';
import { counted } from '../../core/quote.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { complain, print } from '../output.ts';
import { takeSpoolFirst } from '../spool/take-first.ts';
import { withProgress } from '../terminal.ts';
import { requireDatabase, withEngine } from '../with-engine.ts';
import { printLines, saveLines } from '../write-lines.ts';

/** Writes the log as text. */
export const exportCommand: Command = {
  name: 'export',
  about: 'write everything that was recorded as JSON Lines',
  details:
    'toolwise import reads it again: what is learned from it is the same. It holds what was recorded of arguments and results: keep it private.',
  arguments: [{ name: '[file]', about: 'file to make; without it, or with -, on stdout' }],
  options: [JSON_OPTION],
  async run({ given, arguments: [path = '-'], options }) {
    const { exportLines } = await import('../../engine/journal/export.ts');
    const configuration = configure(given);
    await takeSpoolFirst(configuration);
    requireDatabase(configuration);
    const file = path === '-' ? null : resolve(path);
    const write = (lines: AsyncIterable<string>) => (file === null ? printLines(lines) : saveLines(lines, file));
    const work = (tell?: (done: number, total: number) => void) =>
      withEngine(configuration, 'read', (engine) => write(exportLines(engine, tell)));
    // On a terminal the lines themselves are seen to come.
    const lines = file === null && process.stdout.isTTY ? await work() : await withProgress('events', work);
    const told = options.has('--json')
      ? JSON.stringify({ database: configuration.file, file, lines }, null, 2)
      : `Wrote ${counted(lines, 'line')}${file === null ? '' : ` to ${file}`}.`;
    if (file === null) complain(told);
    else print(told);
    return 0;
  },
};
