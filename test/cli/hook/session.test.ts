import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaptureEvent } from '../../../src/capture/events.ts';
import { claudeHookEvents } from '../../../src/capture/formats/claude-hook.ts';
import { cursorHookEvents } from '../../../src/capture/formats/cursor-hook.ts';
import { appendEvents } from '../../../src/cli/spool/append.ts';
import { spoolFolder } from '../../../src/cli/spool/folder.ts';
import { payload } from '../../capture/formats/hook-fixture.ts';
import { runServer } from '../../helpers/run-server.ts';
import { cleanEnvironment, SERVER } from '../../helpers/stdio-client.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { problems, runHook, SILENT_SUCCESS, waiting } from './run.ts';

const claude = (name: string, changes = {}) => payload('claude-hook', name, changes);

/** What hooks would have left, without a process for each. */
function left(db: string, events: readonly CaptureEvent[]): void {
  appendEvents(spoolFolder(db), 'hook-left.jsonl', events);
}

/** Calls, successes of each tool, and episodes, as `status` tells them. */
async function learned(
  db: string,
): Promise<{ readonly tools: Readonly<Record<string, readonly number[]>>; readonly update_count: number }> {
  const { stdout, code } = await runServer(['status', '--db', db, '--json'], { input: '' });
  expect(code).toBe(0);
  const { tools, stats } = JSON.parse(stdout) as {
    tools: { tool_name: string; total_calls: number; success_count: number }[];
    stats: { update_count: number };
  };
  const counts = tools.map((tool) => [tool.tool_name, [tool.total_calls, tool.success_count]]);
  return { tools: Object.fromEntries(counts) as Record<string, readonly number[]>, update_count: stats.update_count };
}

describe('a session that only hooks saw', { timeout: 60_000 }, () => {
  it('is learned, each call once, however often it is told and taken in', async () => {
    const db = temporaryDatabase();
    const session = [
      'user-prompt-submit',
      'pre-tool-use',
      'post-tool-use-bash',
      'post-tool-use-mcp-string',
      'post-tool-use-mcp-error',
      'post-tool-use-failure',
      'subagent-call',
      'subagent-stop',
      'permission-denied',
      'post-tool-batch',
      'stop',
      'session-end',
    ];
    for (const name of session) expect(await runHook(db, claude(name))).toEqual(SILENT_SUCCESS);
    const expected = {
      tools: {
        Bash: [4, 1],
        Edit: [1, 0],
        Grep: [1, 1],
        mcp__memory__search_nodes: [1, 1],
        mcp__plugin_shop_orders__list: [1, 0],
      },
      update_count: 8,
    };
    expect(await learned(db)).toEqual(expected);
    for (const name of session) await runHook(db, claude(name));
    expect(await learned(db)).toEqual(expected);
  });

  it('is taken in by a collection that its last hook starts, and waits for nobody', async () => {
    const db = temporaryDatabase();
    for (const name of ['user-prompt-submit', 'post-tool-use-bash', 'stop']) await runHook(db, claude(name));
    const read = () => runServer(['status', '--db', db, '--json', '--read-only'], { input: '' }); // takes nothing in itself
    await expect.poll(async () => (await read()).stdout, { timeout: 15_000, interval: 300 }).toContain('"update_count": 1');
  });

  it('is neither doubled nor lost when collections are killed', async () => {
    const db = temporaryDatabase();
    const count = 1500;
    for (let at = 0; at < count; at++) {
      left(db, claudeHookEvents(claude('post-tool-use-bash', { tool_use_id: `toolu_01Killed0000000${1000 + at}` }), Date.now()));
    }
    expect(waiting(db)).toHaveLength(count);
    for (let delay_ms = 200; delay_ms <= 1400; delay_ms += 200) await killedCollection(db, delay_ms);
    expect(await learned(db)).toEqual({ tools: { Bash: [count, count] }, update_count: count });
  });
});

async function killedCollection(db: string, delay_ms: number): Promise<void> {
  const child = spawn(process.execPath, [SERVER, 'collect', '--db', db], { env: cleanEnvironment(), stdio: 'ignore' });
  const gone = new Promise((resolve) => child.on('close', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), delay_ms);
  await gone;
  clearTimeout(timer);
}

describe('--hint', { timeout: 60_000 }, () => {
  const PROMPT = 'search the memory for the orders of last week';

  /** Sessions in which the request was served by one tool, of which Claude Code knows by then. */
  async function practised(tool_name: string): Promise<string> {
    const db = temporaryDatabase();
    for (let at = 0; at < 8; at++) {
      const told = {
        session_id: `session-${at}`,
        prompt_id: `prompt-${at}`,
        prompt: PROMPT,
        tool_name,
        tool_use_id: `toolu_01Hint0000000000${at}`,
      };
      for (const name of ['user-prompt-submit', 'post-tool-use-mcp-string', 'stop'])
        left(db, claudeHookEvents(claude(name, told), Date.now()));
    }
    await runServer(['collect', '--db', db], { input: '' });
    return db;
  }

  const asked = (changes = {}) => claude('user-prompt-submit', { session_id: 'new', prompt_id: 'new', prompt: PROMPT, ...changes });

  it('names the tool that worked for such requests, and the call that follows is joined to it', async () => {
    const db = await practised('mcp__memory__search_nodes');
    const { code, stdout, stderr } = await runHook(db, asked(), ['--hint', '--hint-threshold', '0.3']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const { hookSpecificOutput } = JSON.parse(stdout) as { hookSpecificOutput: Record<string, string> };
    expect(hookSpecificOutput['hookEventName']).toBe('UserPromptSubmit');
    expect(hookSpecificOutput['additionalContext']).toMatch(
      /^toolwise: for requests like this, mcp__memory__search_nodes worked \(confidence [01]\.\d\d of 1, 8 calls\)$/,
    );
    const call = { session_id: 'new', prompt_id: 'new', tool_use_id: 'toolu_01HintFollowed0001' };
    for (const name of ['post-tool-use-mcp-string', 'stop']) await runHook(db, claude(name, call));
    const { stdout: log } = await runServer(['collect', '--db', db], { input: '' }).then(() =>
      runServer(['export', '--db', db], { input: '' }),
    );
    const line = log.split('\n').find((text) => text.includes('toolu_01HintFollowed0001')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ recommendation_id: expect.any(String) });
  });

  it('ends with 0 and without a word when nobody reads what it says', async () => {
    const db = await practised('mcp__memory__search_nodes');
    const args = [SERVER, 'hook', '--hint', '--hint-threshold', '0.3', '--db', db];
    const child = spawn(process.execPath, args, { env: cleanEnvironment() });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.end(JSON.stringify(asked()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr, problems: problems(db) }).toEqual({ code: 0, stderr: '', problems: '' });
  });

  it('says nothing when nothing is sure enough, nothing is learned, or it is no prompt of the user’s', async () => {
    const db = await practised('mcp__memory__search_nodes');
    expect(await runHook(db, asked(), ['--hint', '--hint-threshold', '1'])).toEqual(SILENT_SUCCESS);
    expect(await runHook(db, asked({ source: 'system' }), ['--hint', '--hint-threshold', '0'])).toEqual(SILENT_SUCCESS);
    expect(await runHook(db, claude('stop'), ['--hint', '--hint-threshold', '0'])).toEqual(SILENT_SUCCESS);
    expect(await runHook(temporaryDatabase(), asked(), ['--hint', '--hint-threshold', '0'])).toEqual(SILENT_SUCCESS);
    const cursor = payload('cursor-hook', 'before-submit-prompt', { prompt: PROMPT });
    expect(await runHook(db, cursor, ['--hint', '--hint-threshold', '0'])).toEqual(SILENT_SUCCESS);
  });

  it('names no tool that only another client has', async () => {
    const db = temporaryDatabase();
    for (let at = 0; at < 5; at++) {
      const told = { conversation_id: `c${at}`, prompt: PROMPT };
      for (const name of ['before-submit-prompt', 'after-mcp-execution', 'stop'])
        left(db, cursorHookEvents(payload('cursor-hook', name, told), Date.now()));
    }
    await runServer(['collect', '--db', db], { input: '' });
    expect(await runHook(db, asked(), ['--hint', '--hint-threshold', '0'])).toEqual(SILENT_SUCCESS);
  });

  it('says nothing when the database is damaged, and notes it', async () => {
    const db = await practised('mcp__memory__search_nodes');
    for (const suffix of ['-wal', '-shm']) rmSync(`${db}${suffix}`, { force: true });
    writeFileSync(db, 'this is no database, whatever its name says');
    expect(await runHook(db, asked(), ['--hint'])).toEqual(SILENT_SUCCESS);
    expect(readFileSync(join(`${db}-spool`, 'problems.log'), 'utf8')).toContain('hook: ');
  });
});
