import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentOf, firstValueOf, rowsOf } from '../helpers/database-file.ts';
import { type Run, runServer } from '../helpers/run-server.ts';
import { cleanEnvironment, SERVER, type StdioClient, useServers } from '../helpers/stdio-client.ts';
import { temporaryDatabase, temporaryDirectory } from '../helpers/temporary.ts';

const start = useServers();

async function work(client: StdioClient, sessions: readonly string[]): Promise<void> {
  await client.ask('register_tools', { tools: [{ name: 'search', description: 'finds things' }] });
  for (const session_id of sessions) {
    await client.ask('recommend_tools', { session_id, query: `work of ${session_id}`, available_tools: ['search', 'read'] });
    const { execution_id } = await client.ask('record_execution', {
      session_id,
      tool_name: 'search',
      success: true,
      arguments: { at: session_id },
    });
    await client.ask('record_execution', { session_id, tool_name: 'read', success: session_id !== 's1' });
    await client.ask('submit_feedback', { execution_id, rating: 4 });
    await client.ask('log_episode', { session_id, outcome: 'success' });
  }
}

async function usedDatabase(...sessions: readonly string[]): Promise<string> {
  const client = await start();
  await work(client, sessions);
  await client.stop();
  return client.db;
}

async function toolwise(db: string, ...args: readonly string[]): Promise<Run> {
  return await runServer([...args, '--db', db], { input: '' });
}

/** What was learned, by names instead of keys. */
function values(db: string): unknown {
  const query = `SELECT t.name, c.context_hash, round(v.q_value, 9) AS q, v.visit_count FROM action_values AS v
    JOIN tools AS t ON t.tool_id = v.tool_id JOIN contexts AS c ON c.context_id = v.context_id ORDER BY 1, 2`;
  return [rowsOf(db, query), rowsOf(db, 'SELECT name, total_calls, rating_sum FROM tools ORDER BY name')];
}

describe('toolwise backup', () => {
  it('copies a database that a server is using, for its owner only', async () => {
    const client = await start();
    await work(client, ['s0']);
    const copy = join(temporaryDirectory(), 'copy.db');
    const { code, stdout, stderr } = await toolwise(client.db, 'backup', copy);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`Copied ${client.db} to ${copy} (${(statSync(copy).size / 1e6).toFixed(1)} MB).\n`);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(contentOf(copy)).toBe(contentOf(client.db));
    expect((await toolwise(copy, 'doctor')).code).toBe(0);
  });

  it('never overwrites, and needs something to copy', async () => {
    const db = await usedDatabase('s0');
    const taken = join(temporaryDirectory(), 'taken');
    writeFileSync(taken, 'mine');
    expect(await toolwise(db, 'backup', taken)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('exists already') });
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    const none = temporaryDatabase();
    expect(await toolwise(none, 'backup', join(none, '..', 'copy'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`no database at ${none}`),
    });
    expect(existsSync(none)).toBe(false);
    expect(await toolwise(':memory:', 'backup', 'x')).toMatchObject({ code: 1, stderr: expect.stringContaining('in memory') });
    expect(await toolwise(db, 'backup')).toMatchObject({ code: 2, stderr: expect.stringContaining("argument 'file'") });
  });
});

describe('toolwise export and import', () => {
  it('make an equal database, and a second import adds nothing', async () => {
    const db = await usedDatabase('s0', 's1');
    const exported = await toolwise(db, 'export');
    expect(exported.code).toBe(0);
    const lines = exported.stdout.trimEnd().split('\n');
    expect(lines.every((line) => typeof JSON.parse(line) === 'object')).toBe(true);
    expect(exported.stderr).toBe(`Wrote ${lines.length} lines.\n`);

    const copy = temporaryDatabase();
    const piped = await runServer(['import', '-', '--db', copy], { input: exported.stdout });
    expect(piped).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Read \d+ lines of 1 file: \d+ added, 0 known already, 0 not usable\.\n/),
    });
    expect(values(copy)).toEqual(values(db));
    expect((await toolwise(copy, 'export')).stdout).toBe(exported.stdout);
    const before = contentOf(copy);
    const again = await runServer(['import', '-', '--db', copy, '--json'], { input: exported.stdout });
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, known: expect.any(Number), bad: [], bad_count: 0, dry_run: false });
    expect(values(copy)).toEqual(values(db));
    expect(contentOf(copy)).toBe(before);
    expect((await toolwise(copy, 'doctor')).code).toBe(0);
  });

  it('use files, too: written for their owner, read one after the other, bad lines shown', async () => {
    const [db, folder] = [await usedDatabase('s0'), temporaryDirectory()];
    const file = join(folder, 'log.jsonl');
    expect(await toolwise(db, 'export', file)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Wrote \d+ lines to .*log\.jsonl\.\n$/),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await toolwise(db, 'export', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(
      broken,
      'not json\n{"kind":"execution","session_id":"x","tool_name":"two words","success":true}\n{"kind":"execution","session_id":"x","tool_name":"read","success":true}\n',
    );

    const copy = temporaryDatabase();
    const trial = await toolwise(copy, 'import', file, broken, '--dry-run');
    expect(trial).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/of 2 files: \d+ would be added, 0 known already, 2 not usable\./),
    });
    expect(existsSync(copy)).toBe(false);
    const { code, stdout } = await toolwise(copy, 'import', file, broken);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /of 2 files: \d+ added, 0 known already, 2 not usable\.\n\nfile +line +not used because\n.*broken\.jsonl +1 +\S.*\n.*broken\.jsonl +2 +tool_name/,
    );
    expect(
      firstValueOf(copy, "SELECT count(*) FROM executions AS e JOIN sessions AS s ON s.session_id = e.session_id WHERE s.name = 'x'"),
    ).toBe(1);
    expect(await toolwise(copy, 'import', join(folder, 'none'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be read (ENOENT)'),
    });
  });

  it('end quietly when the reader of the export has seen enough', async () => {
    const db = await usedDatabase('s0', 's1');
    const command = `"${process.execPath}" "${SERVER}" export --db "${db}" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8', env: cleanEnvironment() });
    const [header, code] = stdout.trimEnd().split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({ kind: 'toolwise' });
    expect(code).toBe('0');
    expect(stderr).not.toMatch(/EPIPE|\n +at /);
  });
});

describe('toolwise merge', () => {
  it('teaches one database what two have seen, and leaves the other as it is', async () => {
    const [db, other] = [await usedDatabase('s0'), await usedDatabase('s1', 's2')];
    const before = contentOf(other);
    const { code, stdout, stderr } = await toolwise(db, 'merge', other);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Merged .*: \d+ entries added, \d+ known already\.\n$/);
    expect(firstValueOf(db, 'SELECT count(*) FROM executions')).toBe(6);
    expect(rowsOf(db, 'SELECT total_calls FROM tools ORDER BY name')).toEqual([{ total_calls: 3 }, { total_calls: 3 }]);
    expect(contentOf(other)).toBe(before);
    expect((await toolwise(db, 'doctor')).code).toBe(0);
    expect(JSON.parse((await toolwise(db, 'merge', other, '--json')).stdout)).toMatchObject({ added: 0 });
    expect(firstValueOf(db, 'SELECT count(*) FROM executions')).toBe(6);
  });

  it('refuses the database itself and what is none', async () => {
    const db = await usedDatabase('s0');
    expect(await toolwise(db, 'merge', db)).toMatchObject({ code: 1, stderr: expect.stringContaining('is the database itself') });
    expect(await toolwise(db, 'merge', join(db, '..', 'none.db'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no database at'),
    });
    const text = join(temporaryDirectory(), 'text.db');
    writeFileSync(text, 'Dear diary,\n'.repeat(500), { mode: 0o600 });
    const refused = await toolwise(db, 'merge', text);
    expect(refused.code).toBe(1);
    expect(refused.stderr).not.toMatch(/\n +at /);
    expect(readFileSync(text, 'utf8')).toBe('Dear diary,\n'.repeat(500));
    expect((await toolwise(db, 'doctor')).code).toBe(0);
  });
});

describe('toolwise forget', () => {
  it('leaves the database as if the session had never been, also for a server that runs', async () => {
    const [client, never] = [await start(), await start()];
    await work(never, ['s0', 's2']);
    await work(client, ['s0', 's1', 's2']);
    const { code, stdout, stderr } = await toolwise(client.db, 'forget', 's1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('Forgot session "s1": 2 executions, 1 episode, 1 rating, 1 recommendation, 1 request.\n');
    expect(values(client.db)).toEqual(values(never.db));
    expect(firstValueOf(client.db, "SELECT count(*) FROM sessions WHERE name = 's1'")).toBe(0);
    expect(await client.ask('get_learning_stats')).toMatchObject({ update_count: 4 });
    await client.ask('record_execution', { session_id: 's3', tool_name: 'read', success: true });
    await client.stop();
    expect((await toolwise(client.db, 'doctor')).code).toBe(0);
  });

  it('says which session it does not know, and changes nothing', async () => {
    const db = await usedDatabase('s0');
    const before = contentOf(db);
    expect(await toolwise(db, 'forget', 'nobody')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^toolwise: .*"nobody" is unknown/),
    });
    expect(await toolwise(db, 'forget', 's0', '--read-only')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('--read-only'),
    });
    expect(contentOf(db)).toBe(before);
  });
});
