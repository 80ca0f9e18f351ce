import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What could change while the bench runs, as it was when it began. */
export interface Beginning {
  readonly date: string;
  readonly load: string;
  readonly subject: string;
}

export function beginning(): Beginning {
  return { date: new Date().toISOString(), load: load(), subject: subject() };
}

/** What the numbers were taken on: pairs of a name and a value. */
export function describeRun(begun: Beginning): (readonly [name: string, value: string])[] {
  const after = subject();
  const packages = ['@modelcontextprotocol/server-memory', '@modelcontextprotocol/sdk', 'better-sqlite3'];
  return [
    ['begun', begun.date],
    ['ended', new Date().toISOString()],
    ['command', process.env['npm_lifecycle_event'] === 'bench' ? '`npm run bench`' : '`node bench/run.ts`, without building first'],
    ['machine', hardware()],
    ['load (1 min)', `${begun.load} before, ${load()} after`],
    ['node', process.version],
    ['toolwise', after === begun.subject ? after : `CHANGED DURING THE RUN: ${begun.subject}; then ${after}`],
    ['beside it', packages.map((name) => `${name} ${versionIn(`node_modules/${name}/package.json`)}`).join(', ')],
  ];
}

/** Which toolwise is measured: a rebuild or a commit in the middle of a run must show. */
function subject(): string {
  const built = statSync(new URL('../dist/toolwise.js', import.meta.url)).mtime.toISOString();
  return `${versionIn('package.json')}, ${commit('--untracked-files=no')}, built ${built}`;
}

export function hardware(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, ${type()} ${release()}`;
}

/** Processes that want to run, mean over a minute. */
export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

/** @param file a package.json, from the root of the repository */
export function versionIn(file: string): string {
  const url = new URL(`../${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}

/** The commit of the sources. @param counted arguments of git status that say which changes are told */
export function commit(...counted: readonly string[]): string {
  try {
    const cwd = new URL('..', import.meta.url);
    const git = (...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', ...counted) !== '';
    return `commit ${git('rev-parse', '--short', 'HEAD')}${changed ? ' with uncommitted changes' : ''}`;
  } catch {
    return 'not from a commit';
  }
}
