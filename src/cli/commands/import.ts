import { type Command, type CommandCall, JSON_OPTION } from '../command.ts';
import { configure } from '../configure.ts';
import type { Format } from '../import/formats.ts';
import type { Imported } from '../import/import-files.ts';
import type { Judged } from '../import/import-text.ts';
import { print } from '../output.ts';
import type { Configuration } from '../settings/resolve.ts';
import { styleOfOutput, withProgress } from '../terminal.ts';

const FORMAT_CHOICES = ['auto', 'claude-code', 'codex', 'openai', 'otlp', 'jsonl'] as const satisfies readonly ('auto' | Format)[];

/** Adds what files tell to the log, learns from it, and says whether that helps. */
export const importCommand: Command = {
  name: 'import',
  about: 'learn from transcripts of agents, traces, or what toolwise export wrote',
  details:
    'Of a folder (~/.claude/projects, ~/.codex/sessions) it reads every .jsonl file. What is known already is not added again. Lines that cannot be used are counted and shown; then the exit code is 1. Formats: docs/importing.md.',
  arguments: [{ name: '<file...>', about: 'files or folders to read; - is stdin' }],
  options: [
    {
      flag: '--format <format>',
      about: 'of all files; jsonl: lines of toolwise itself; auto (default): told from the first lines of each',
      choices: FORMAT_CHOICES,
    },
    { flag: '--dry-run', about: 'only say what would be added' },
    { flag: '--no-evaluate', about: 'do not judge what was learned at the end' },
    JSON_OPTION,
  ],
  async run({ given, arguments: paths, options }) {
    const { importFiles } = await import('../import/import-files.ts');
    const { importText } = await import('../import/import-text.ts');
    const { sourcesOf } = await import('../import/sources.ts');
    const configuration = configure(given);
    const files = await sourcesOf(paths);
    const asked = FORMAT_CHOICES.find((choice) => choice === options.get('--format')) ?? 'auto';
    const settings = { format: asked === 'auto' ? null : asked, dry_run: options.has('--dry-run') };
    const work = (progress: Parameters<typeof importFiles>[2]['progress']) => importFiles(configuration, files, { ...settings, progress });
    const imported = await withProgress('lines', work, { has_bar: true });
    const judged = await judge(configuration, imported, options);
    print(
      options.has('--json')
        ? JSON.stringify({ ...imported, ...judgedJson(judged) }, null, 2)
        : importText(imported, judged, styleOfOutput()),
    );
    return imported.bad_count > 0 ? 1 : 0;
  },
};

async function judge(configuration: Configuration, imported: Imported, options: CommandCall['options']): Promise<Judged> {
  if (imported.dry_run) return { skipped: 'Nothing was written, so there is nothing new to judge.' };
  if (options.has('--no-evaluate')) return { skipped: 'Judge what was learned with toolwise evaluate.' };
  if (configuration.file === ':memory:') return { skipped: 'A database in memory is gone now; there is nothing to judge.' };
  const { readEvaluation } = await import('../evaluate/read-evaluation.ts');
  return await withProgress('calls', (tell) => readEvaluation(configuration, tell), { has_bar: true });
}

function judgedJson(judged: Judged): { readonly verdict: unknown; readonly not_judged_because: string | null } {
  return 'verdict' in judged
    ? { verdict: judged.verdict, not_judged_because: null }
    : { verdict: null, not_judged_because: judged.skipped };
}
