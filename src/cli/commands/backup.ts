import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { print } from '../output.ts';
import { megabytes } from '../sizes.ts';
import { requireDatabase, withEngine } from '../with-engine.ts';

/** Copies the database while servers use it. */
export const backupCommand: Command = {
  name: 'backup',
  about: 'copy the database to a new file, also while it is in use',
  details:
    'The copy is one moment of the database, readable by its owner only, and a database itself: open it with --db.\n' +
    'Do not copy the file by hand: what stands in its -wal file would be missing.',
  arguments: [{ name: '<file>', about: 'file to make; it must not exist' }],
  options: [JSON_OPTION],
  async run({ given, arguments: [path = ''], options }) {
    const configuration = configure(given);
    const backup = resolve(path);
    requireDatabase(configuration);
    if (existsSync(backup)) throw new UserError(`${backup} exists already; name a file that does not`);
    await withEngine(configuration, 'read', (engine) => engine.database.backup(backup));
    const bytes = statSync(backup).size;
    const told = { database: configuration.file, backup, bytes };
    print(options.has('--json') ? JSON.stringify(told, null, 2) : `Copied ${configuration.file} to ${backup} (${megabytes(bytes)}).`);
    return 0;
  },
};
