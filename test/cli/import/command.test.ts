import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { firstValueOf } from '../../helpers/database-file.ts';
import { isLong } from '../../helpers/long.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { FIXTURES } from './support.ts';

const PROGRAM = ['--import', './scripts/sql-loader.ts', 'src/cli/main.ts'];

function toolwise(words: readonly string[], input = '') {
  return spawnSync(process.execPath, [...PROGRAM, 'import', ...words], { encoding: 'utf8', input });
}

describe('toolwise import', () => {
  it('reads stdin, says what it learned and the verdict, and finds nothing new the second time', () => {
    const db = temporaryDatabase();
    const input = readFileSync(join(FIXTURES, 'openai/conversations.jsonl'), 'utf8');
    const first = toolwise(['-', '--db', db], input);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^Read 2 lines of 1 file: \d+ added, 0 known already, 0 not usable\.\n\n6 calls, 67 % worked: 5 tools, 2 sessions, 3 episodes; read as openai/,
    );
    expect(first.stdout).toMatch(/\n\nNot enough data: .*\n$/);
    const again = JSON.parse(toolwise(['-', '--db', db, '--json', '--no-evaluate'], input).stdout);
    expect(again).toMatchObject({
      added: 0,
      told: { calls: 6 },
      verdict: null,
      not_judged_because: expect.stringContaining('toolwise evaluate'),
    });
  }, 60_000);

  it('shows bad lines, exits with 1, and as a trial makes no file', () => {
    const db = temporaryDatabase();
    const trial = toolwise([join(FIXTURES, 'claude-code'), '--db', db, '--dry-run', '--format', 'claude-code']);
    expect(trial.status).toBe(1);
    expect(trial.stdout).toMatch(
      /would be added, 0 known already, 1 not usable\.\n\nfile +line +not used because\n.*session\.jsonl +17 +it is not JSON/,
    );
    expect(existsSync(db)).toBe(false);
  }, 60_000);

  it('refuses a format that it does not know', () => {
    expect(toolwise(['x', '--format', 'yaml'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('auto, claude-code, codex, openai, otlp, jsonl'),
    });
  }, 60_000);
});

const MEGABYTES = isLong ? 200 : 5;
const MOST_RESIDENT_KB = 400_000;

describe.each(['lines', 'document'] as const)(`${MEGABYTES} MB as %s`, (layout) => {
  it('are read in bounded memory', async () => {
    const db = temporaryDatabase();
    const file = join(temporaryDirectory(), 'large.jsonl');
    const calls = await writeLarge(file, layout);
    const child = spawn(process.execPath, [...PROGRAM, 'import', file, '--db', db, '--no-evaluate'], { stdio: 'ignore' });
    let most = 0;
    const exit = once(child, 'exit');
    while (child.exitCode === null && child.signalCode === null) {
      most = Math.max(most, residentKb(child.pid));
      await Promise.race([exit, wait(50)]);
    }
    expect(child.exitCode).toBe(0);
    expect(firstValueOf(db, 'SELECT count(*) FROM executions')).toBe(calls);
    if (process.platform === 'linux') expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(MOST_RESIDENT_KB);
  }, 600_000);
});

/** Conversations of calls with answers of 100 kB, as lines, or as one document that is spread over lines. @returns calls */
async function writeLarge(file: string, layout: 'lines' | 'document'): Promise<number> {
  const out = createWriteStream(file);
  const calls = MEGABYTES * 10;
  if (layout === 'document') out.write('{\n"session_id": "large",\n"messages": [\n');
  for (let at = 0; at < calls; at++) {
    const call = { role: 'assistant', tool_calls: [{ id: `call_${at}`, function: { name: `tool_${at % 5}`, arguments: '{}' } }] };
    const answer = { role: 'tool', tool_call_id: `call_${at}`, content: `line ${at}\n`.repeat(Math.ceil(100_000 / `line ${at}\n`.length)) };
    const text = [{ role: 'user', content: `do ${at}` }, call, answer]
      .map((message) => JSON.stringify(message))
      .join(layout === 'lines' ? '\n' : ',\n');
    const end = layout === 'lines' ? '\n' : at === calls - 1 ? '\n]}\n' : ',\n';
    if (!out.write(text + end)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return calls;
}

/** Highest resident memory of a process so far, kB; 0: not known. */
function residentKb(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0);
}
