import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { payload } from '../../capture/formats/hook-fixture.ts';
import { runServer } from '../../helpers/run-server.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { problems, runHook, SILENT_SUCCESS, waiting } from './run.ts';

describe('toolwise hook exits with 0 and says nothing', () => {
  it.each([
    ['nothing', ''],
    ['garbage', '{"session_id": "s", secret-of-the-payload'],
    ['a list', '[1,2]'],
    ['a number', '7'],
    ['null', 'null'],
    ['an object without fields', '{}'],
    ['an event that nobody knows', '{"session_id":"s","hook_event_name":"Unheard"}'],
    ['bytes that are no text', '\u0000\uFFFD{'],
    ['a nesting that overflows a stack', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
  ])('to %s', async (_name, input) => {
    const db = temporaryDatabase();
    expect(await runHook(db, input)).toEqual(SILENT_SUCCESS);
    expect(waiting(db)).toEqual([]);
    expect(problems(db)).not.toContain('secret-of-the-payload');
  });

  it('to 17 MiB, which it does not record but notes', async () => {
    const db = temporaryDatabase();
    const input = JSON.stringify(payload('claude-hook', 'post-tool-use-bash', { tool_response: 'x'.repeat(17 * 1024 * 1024) }));
    expect(await runHook(db, input)).toEqual(SILENT_SUCCESS);
    expect(waiting(db)).toEqual([]);
    expect(problems(db)).toContain('too long');
  });

  it('to 12 MiB, which it records, cut', async () => {
    const db = temporaryDatabase();
    const input = JSON.stringify(payload('claude-hook', 'post-tool-use-bash', { tool_response: 'word '.repeat(2_400_000) }));
    expect(await runHook(db, input)).toEqual(SILENT_SUCCESS);
    expect(waiting(db)).toMatchObject([{ kind: 'call', tool_name: 'Bash' }]);
    expect(String(waiting(db)[0]?.['result']).length).toBeLessThanOrEqual(2000);
  });

  it('when stdin is never ended', async () => {
    const db = temporaryDatabase();
    expect(await runServer(['hook', '--db', db])).toEqual(SILENT_SUCCESS);
  });

  it('where the folder of the database does not exist yet, which it makes', async () => {
    const db = join(temporaryDirectory(), 'not', 'yet', 'toolwise.db');
    expect(await runHook(db, payload('claude-hook', 'stop'))).toEqual(SILENT_SUCCESS);
    expect(waiting(db)).toMatchObject([{ kind: 'stop' }]);
  });

  it('where nothing can be written', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(await runHook(join(file, 'toolwise.db'), payload('claude-hook', 'stop'))).toEqual(SILENT_SUCCESS);
  });

  it.runIf(existsSync('/proc/self'))('where the system makes no folder and does not say so to Node', async () => {
    expect(await runHook('/proc/nope/toolwise.db', payload('claude-hook', 'stop'), [], { timeout: 5000 })).toEqual(SILENT_SUCCESS);
  });

  it('where only reading is allowed', async () => {
    const folder = join(temporaryDirectory(), 'read-only');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    expect(await runHook(join(folder, 'toolwise.db'), payload('claude-hook', 'stop'))).toEqual(SILENT_SUCCESS);
  });

  it.each([
    ['--recorded-text everything', ['--recorded-text', 'everything']],
    ['--config of a file that is not there', ['--config', '/nonexistent/toolwise.json']],
    ['a flag that nobody knows', ['--hnit']],
    ['--hint-threshold without a number', ['--hint-threshold', 'high']],
    ['--db without a value', ['--db']],
  ])('to %s, which is noted', async (_name, flags) => {
    const home = temporaryDirectory();
    const input = JSON.stringify(payload('claude-hook', 'post-tool-use-bash'));
    expect(await runServer(['hook', ...flags], { input, env: { HOME: home, XDG_DATA_HOME: home } })).toEqual(SILENT_SUCCESS);
    expect(problems(join(home, 'toolwise', 'toolwise.db'))).toContain(flags[0]);
  });

  it('to a text mode that nobody knows: it records as with redacted, and notes that beside the given database', async () => {
    const home = temporaryDirectory();
    const told = payload('claude-hook', 'post-tool-use-bash', { tool_input: { command: `echo ghp_${'aB3dE5fG7hJ9'.repeat(3)}` } });
    for (const [flags, env] of [
      [['--recorded-text', 'everything'], {}] as const,
      [[], { TOOLWISE_RECORDED_TEXT: 'everything' }] as const,
    ]) {
      const db = temporaryDatabase();
      expect(await runHook(db, told, flags, { env: { ...env, HOME: home, XDG_DATA_HOME: home } })).toEqual(SILENT_SUCCESS);
      expect(waiting(db)).toMatchObject([{ kind: 'call', arguments: { command: expect.stringContaining('echo') } }]);
      expect(JSON.stringify(waiting(db))).not.toContain('ghp_');
      expect(problems(db)).toContain('--recorded-text is "everything"; give none,');
    }
    expect(readdirSync(home)).toEqual([]);
  });

  it('to a configuration file that is not there: it notes that beside the given database, and records nothing', async () => {
    const [db, home] = [temporaryDatabase(), temporaryDirectory()];
    const env = { HOME: home, XDG_DATA_HOME: home };
    expect(await runHook(db, payload('claude-hook', 'stop'), ['--config', '/nonexistent/toolwise.json'], { env })).toEqual(SILENT_SUCCESS);
    expect(problems(db)).toContain('/nonexistent/toolwise.json');
    expect([waiting(db), readdirSync(home)]).toEqual([[], []]);
  });

  it('for a database in memory, for which nothing can be kept', async () => {
    const cwd = readdirSync('.').sort();
    expect(await runHook(':memory:', payload('claude-hook', 'post-tool-use-bash'))).toEqual(SILENT_SUCCESS);
    expect(readdirSync('.').sort()).toEqual(cwd);
  });

  it('but prints its help when asked', async () => {
    const { code, stdout, stderr } = await runServer(['hook', '--help'], { input: '' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: toolwise hook');
  });
});
