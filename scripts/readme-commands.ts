import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Runs every command in the `sh` blocks of README.md, except those that .ci/run runs as steps of its own. */

const fence = /^```sh\n([\s\S]*?)^```$/gm;
const shown = [...readFileSync('README.md', 'utf8').matchAll(fence)].flatMap((match) => commandsOf(match[1] ?? ''));
const steps = new Set(readFileSync('.ci/run', 'utf8').split('\n').map(stepOf));
if (shown.length === 0) throw new Error('README.md holds no `sh` block: there was nothing to run');

const home = mkdtempSync(join(tmpdir(), 'toolwise-readme-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
// Commands of the product run where they may leave files, on a database in which there is something to see.
symlinkSync(resolve('dist'), join(home, 'dist'));
const env = { ...process.env, TOOLWISE_DB: join(home, 'readme.db') };
const call = JSON.stringify({ kind: 'execution', session_id: 'readme', tool_name: 'read_file', success: true, query: 'read the notes' });
spawnSync(process.execPath, ['dist/toolwise.js', 'import', '-'], { input: `${call}\n`, env, stdio: ['pipe', 'ignore', 'inherit'] });

for (const command of new Set(shown)) {
  if (steps.has(command)) {
    console.log(`$ ${command}    (a step of .ci/run)`);
    continue;
  }
  console.log(`$ ${command}`);
  const { status, signal } = spawnSync('bash', ['-euo', 'pipefail', '-c', command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    cwd: command.startsWith('node dist/') ? home : process.cwd(),
    timeout: 300_000,
  });
  if (status !== 0) throw new Error(`a command of README.md ended with ${signal ?? status}: ${command}`);
}

function commandsOf(block: string): string[] {
  const lines = block.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  return lines.flatMap((line) => line.split(' && ')).filter((command) => command !== '');
}

/** `step npm ci --no-audit` → `npm ci`: how a step is written in the README. */
function stepOf(line: string): string {
  return line
    .replace(/^step /, '')
    .replace(/ --no-.*$/, '')
    .trim();
}
