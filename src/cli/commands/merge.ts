import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { print } from '../output.ts';
import { withProgress } from '../terminal.ts';
import { isMissing, withEngine } from '../with-engine.ts';

/** Takes in what another database has recorded. */
export const mergeCommand: Command = {
  name: 'merge',
  about: 'take in what another database has recorded',
  details: 'Both logs are interleaved by time and learned again, as if all had been recorded here. The other database is not changed.',
  arguments: [{ name: '<other_db>', about: 'database to read' }],
  options: [JSON_OPTION],
  async run({ given, arguments: [path = ''], options }) {
    const { merge } = await import('../../engine/journal/merge.ts');
    const configuration = configure(given);
    const other = resolve(path);
    if (statSync(other, { throwIfNoEntry: false })?.isFile() !== true) throw new UserError(`there is no database at ${other}`);
    const isSame =
      !isMissing(configuration) && configuration.file !== ':memory:' && realpathSync(configuration.file) === realpathSync(other);
    if (isSame) throw new UserError(`${other} is the database itself; name another one`);
    const merged = await withProgress('events', (tell) =>
      withEngine(configuration, 'write', (engine) =>
        withEngine({ ...configuration, file: other }, 'read', (source) => merge(engine, source, tell)),
      ),
    );
    const told = { database: configuration.file, other, ...merged };
    print(
      options.has('--json')
        ? JSON.stringify(told, null, 2)
        : `Merged ${other}: ${merged.added} entries added, ${merged.known} known already.`,
    );
    return 0;
  },
};
