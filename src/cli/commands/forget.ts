import { counted } from '../../core/quote.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { print } from '../output.ts';
import { takeSpoolFirst } from '../spool/take-first.ts';
import { withProgress } from '../terminal.ts';
import { requireDatabase, withEngine } from '../with-engine.ts';

/** Removes a session and all that it taught. */
export const forgetCommand: Command = {
  name: 'forget',
  about: 'remove a session and everything it taught',
  details:
    'Everything is learned again from the rest of the log, as if the session had never been. This cannot be undone: see toolwise backup.',
  arguments: [{ name: '<session_id>', about: 'as record_execution was given it' }],
  options: [{ flag: '--accept-loss', about: 'also where old rows were removed: what only they taught is lost' }, JSON_OPTION],
  async run({ given, arguments: [session_id = ''], options }) {
    const { forget } = await import('../../engine/journal/forget.ts');
    const configuration = configure(given);
    await takeSpoolFirst(configuration);
    requireDatabase(configuration);
    const accept_loss = options.has('--accept-loss');
    const gone = await withProgress('events', (progress) =>
      withEngine(configuration, 'write', (engine) => forget(engine, session_id, { progress, accept_loss })),
    );
    const { executions, episodes, feedback, recommendations, requests } = gone;
    const parts = [
      counted(executions, 'execution'),
      counted(episodes, 'episode'),
      counted(feedback, 'rating'),
      counted(recommendations, 'recommendation'),
      counted(requests, 'request'),
    ];
    print(options.has('--json') ? JSON.stringify(gone, null, 2) : `Forgot session "${gone.session_id}": ${parts.join(', ')}.`);
    return 0;
  },
};
