import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What a run must say of itself: pairs of a name and a value. */
export type Provenance = readonly (readonly [name: string, value: string])[];

/** As it is now, at the beginning: the sources that run are those that were loaded. */
export function provenance(args: readonly string[]): Provenance {
  return [
    ['begun', new Date().toISOString()],
    ['command', `\`${commandLine(args)}\``],
    ['machine', `${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, ${type()} ${release()}`],
    ['load (1 min)', (loadavg()[0] ?? 0).toFixed(1)],
    ['node', process.version],
    ['toolwise', `${version()}, ${commit()}`],
  ];
}

function commandLine(args: readonly string[]): string {
  const by_npm = process.env['npm_lifecycle_event'] === 'bench:quality';
  const program = by_npm ? ['npm run bench:quality', ...(args.length > 0 ? ['--'] : [])] : ['node bench/quality/run.ts'];
  return [...program, ...args].join(' ');
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

/** The sources under src count; what else changed cannot change a figure. */
function commit(): string {
  try {
    const cwd = new URL('../..', import.meta.url);
    const git = (...words: string[]) => execFileSync('git', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const is_changed = git('status', '--porcelain', '--', 'src', 'bench/quality', ':!bench/quality/RESULTS.md') !== '';
    return `commit ${git('rev-parse', '--short', 'HEAD')}${is_changed ? ' with uncommitted changes' : ''}`;
  } catch {
    return 'not from a commit';
  }
}
