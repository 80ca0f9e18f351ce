import { type Command, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import { print } from '../output.ts';
import { requireReadable } from '../read-lines.ts';
import { withProgress } from '../terminal.ts';

/** Adds what files tell to the log, and learns from it. */
export const importCommand: Command = {
  name: 'import',
  about: 'record what files of JSON Lines tell, as toolwise export writes them',
  details: 'What is known already is not added again. Lines that cannot be used are counted and shown; then the exit code is 1.',
  arguments: [{ name: '<file...>', about: 'files to read; - is stdin' }],
  options: [{ flag: '--dry-run', about: 'only say what would be added' }, JSON_OPTION],
  async run({ given, arguments: files, options }) {
    const { importFiles } = await import('../import/import-files.ts');
    const { importText } = await import('../import/import-text.ts');
    const configuration = configure(given);
    await requireReadable(files);
    const dry_run = options.has('--dry-run');
    const imported = await withProgress('lines', (tell) => importFiles(configuration, files, { dry_run, progress: tell }));
    print(options.has('--json') ? JSON.stringify(imported, null, 2) : importText(imported));
    return imported.bad_count > 0 ? 1 : 0;
  },
};
