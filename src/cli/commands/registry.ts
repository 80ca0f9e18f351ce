import type { Command } from '../command.ts';
import { configure } from '../configure.ts';
import { backupCommand } from './backup.ts';
import { collectCommand } from './collect.ts';
import { doctorCommand } from './doctor.ts';
import { evaluateCommand } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { forgetCommand } from './forget.ts';
import { importCommand } from './import.ts';
import { mergeCommand } from './merge.ts';
import { rateCommand } from './rate.ts';
import { hookCommand, wrapCommand } from './recorders.ts';
import { setupCommand } from './setup.ts';
import { statusCommand } from './status.ts';

const serveCommand: Command = {
  name: 'serve',
  about: 'serve MCP on stdin and stdout (the default)',
  arguments: [],
  options: [],
  async run({ given }) {
    const { serve } = await import('./serve.ts');
    await serve(configure(given));
    return 0;
  },
};

/** Every command, in the order of `--help`; the first is the one that runs without a word. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  statusCommand,
  evaluateCommand,
  doctorCommand,
  backupCommand,
  exportCommand,
  importCommand,
  collectCommand,
  mergeCommand,
  forgetCommand,
  setupCommand,
  wrapCommand,
  hookCommand,
  rateCommand,
];
