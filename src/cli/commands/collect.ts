import { counted } from '../../core/quote.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { complain, print } from '../output.ts';

/** Takes in what hooks and wrapped servers have left; servers and `status` do so by themselves. */
export const collectCommand: Command = {
  name: 'collect',
  about: 'take in what hooks and wrapped servers have left',
  details: 'Servers, status and other commands do so by themselves.',
  arguments: [],
  options: [JSON_OPTION],
  async run({ given, options }) {
    const { takenIn } = await import('../spool/take-first.ts');
    const configuration = configure(given);
    const { added, problems } = await takenIn(configuration);
    for (const problem of problems) complain(`toolwise: ${problem}`);
    print(
      options.has('--json')
        ? JSON.stringify({ added, problems })
        : `${added === 0 ? 'Nothing new' : counted(added, 'new line')} in the log: calls, tools and episodes.`,
    );
    return problems.length > 0 ? 1 : 0;
  },
};
