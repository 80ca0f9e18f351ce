import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { print } from '../output.ts';
import { styleOfOutput } from '../terminal.ts';

/** Prints what has been learned: tables for a person, or JSON. */
export const statusCommand: Command = {
  name: 'status',
  about: 'show what has been learned',
  details: 'Takes in what hooks and wrapped servers have left; writes nothing else.',
  arguments: [],
  options: [JSON_OPTION],
  async run({ given, options }) {
    const { readStatus } = await import('../status/read-status.ts');
    const { statusText } = await import('../status/status-text.ts');
    const configuration = configure(given);
    const learned = await readStatus(configuration);
    print(options.has('--json') ? JSON.stringify(learned, null, 2) : statusText(configuration.file, learned, styleOfOutput()));
    return 0;
  },
};
