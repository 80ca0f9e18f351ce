import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the numbers were taken on: pairs of a name and a value. */
export function describeRun(command: string, loadBefore: string): (readonly [name: string, value: string])[] {
  const packages = ['@modelcontextprotocol/server-memory', '@modelcontextprotocol/sdk', 'better-sqlite3'];
  return [
    ['date', new Date().toISOString()],
    ['command', `\`${command}\``],
    ['machine', `${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, ${type()} ${release()}`],
    ['load (1 min)', `${loadBefore} before, ${load()} after`],
    ['node', process.version],
    ['toolwise', `${versionIn('package.json')}, ${commit()}`],
    ['beside it', packages.map((name) => `${name} ${versionIn(`node_modules/${name}/package.json`)}`).join(', ')],
  ];
}

export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function versionIn(file: string): string {
  const url = new URL(`../${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `commit ${git('rev-parse', '--short', 'HEAD')}${changed ? ' with uncommitted changes' : ''}`;
  } catch {
    return 'not from a commit';
  }
}
