import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { payload } from '../../capture/formats/hook-fixture.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';
import { problems, runHook, SILENT_SUCCESS, waiting } from './run.ts';

const claude = (name: string, changes = {}) => payload('claude-hook', name, changes);
const cursor = (name: string, changes = {}) => payload('cursor-hook', name, changes);

describe('toolwise hook', () => {
  it('loses nothing of 20 hooks that run side by side', async () => {
    const db = temporaryDatabase();
    const ids = Array.from({ length: 20 }, (_, at) => `toolu_01Parallel000000${100 + at}`);
    const runs = await Promise.all(ids.map((tool_use_id) => runHook(db, claude('post-tool-use-bash', { tool_use_id }))));
    expect(runs).toEqual(ids.map(() => SILENT_SUCCESS));
    expect(
      waiting(db)
        .map((event) => event['call_id'])
        .sort(),
    ).toEqual(ids);
    expect(problems(db)).toBe('');
  });

  it('keeps one file a conversation, for its owner only', async () => {
    const db = temporaryDatabase();
    await runHook(db, claude('post-tool-use-bash'));
    await runHook(db, claude('subagent-call'));
    await runHook(db, claude('post-tool-use-bash', { session_id: '../../etc/passwd' }));
    const files = readdirSync(`${db}-spool`).filter((name) => name.endsWith('.jsonl'));
    expect(files.sort()).toEqual([
      'hook-claude-code-0b6a2a1e-5f5e-4c57-9b7e-3f0f6d6d7c11.jsonl',
      'hook-claude-code-______etc_passwd.jsonl',
    ]);
    if (process.platform === 'win32') return;
    expect(statSync(`${db}-spool`).mode & 0o777).toBe(0o700);
    expect(statSync(join(`${db}-spool`, files[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  it('keeps secrets and the user’s address off the disk', async () => {
    const db = temporaryDatabase();
    const secret = 'ghp_0123456789abcdefABCDEF0123456789abcd';
    await runHook(db, claude('user-prompt-submit', { prompt: `use the token ${secret} for it` }));
    await runHook(
      db,
      claude('post-tool-use-bash', { tool_input: { command: `curl -H "Authorization: Bearer ${secret}"` }, tool_response: secret }),
    );
    await runHook(db, cursor('after-mcp-execution'));
    const disk = readdirSync(`${db}-spool`).map((name) => readFileSync(join(`${db}-spool`, name), 'utf8'));
    expect(disk.join('')).not.toContain(secret);
    expect(disk.join('')).not.toContain('someone@example.com');
    expect(waiting(db)).toHaveLength(3);
  });

  it('keeps no texts with --recorded-text none', async () => {
    const db = temporaryDatabase();
    await runHook(db, claude('post-tool-use-bash'), ['--recorded-text', 'none']);
    expect(waiting(db)).toMatchObject([{ tool_name: 'Bash', arguments: null, result: null }]);
  });

  it('tells the two hooks of a call in Cursor from a second call', async () => {
    const db = temporaryDatabase();
    const hooks = [
      cursor('after-shell-execution'),
      cursor('post-tool-use-shell'),
      cursor('after-shell-execution'),
      cursor('post-tool-use-shell', { tool_use_id: 'tool-9' }),
      cursor('after-mcp-execution'),
      cursor('post-tool-use-mcp'),
    ];
    for (const hook of hooks) expect(await runHook(db, hook)).toEqual(SILENT_SUCCESS);
    expect(new Set(waiting(db).map((event) => event['call_id'])).size).toBe(3);
    await runHook(db, cursor('stop'));
    expect(readdirSync(`${db}-spool`).filter((name) => name.endsWith('.seen'))).toEqual([]);
  });
});
