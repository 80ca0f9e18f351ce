import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { contentOf, rowsOf } from '../helpers/database-file.ts';
import { type Run, runServer } from '../helpers/run-server.ts';
import { useServers } from '../helpers/stdio-client.ts';
import { temporaryDatabase } from '../helpers/temporary.ts';

const start = useServers();

interface Report {
  readonly is_clean: boolean;
  readonly findings: readonly { readonly check: string; readonly verdict: string; readonly told: string }[];
  readonly differences: readonly { readonly table: string; readonly row: string; readonly stored: string; readonly recomputed: string }[];
  readonly difference_count: number;
  readonly repaired: { readonly backup: string } | null;
}

/** A database that a server has filled and left. */
async function usedDatabase(): Promise<string> {
  const client = await start();
  for (let n = 0; n < 12; n++) {
    const session_id = `s${n % 3}`;
    await client.ask('recommend_tools', { session_id, query: 'find the mail', available_tools: ['search', 'read'] });
    const { execution_id } = await client.ask('record_execution', {
      session_id,
      tool_name: n % 2 === 0 ? 'search' : 'read',
      success: n % 4 !== 0,
    });
    if (n % 3 === 0) await client.ask('submit_feedback', { execution_id, rating: 2 });
  }
  for (const session_id of ['s0', 's1']) await client.ask('log_episode', { session_id, outcome: 'success' });
  await client.stop();
  return client.db;
}

function change(db: string, ...statements: readonly string[]): void {
  const database = new Database(db);
  database.pragma('foreign_keys = OFF');
  for (const statement of statements) expect(database.prepare(statement).run().changes, statement).toBeGreaterThan(0);
  database.close();
}

async function doctor(db: string, ...args: readonly string[]): Promise<Run> {
  return await runServer(['doctor', '--db', db, ...args], { input: '' });
}

async function report(db: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: Report }> {
  const { code, stdout } = await doctor(db, '--json', ...args);
  return { code, said: JSON.parse(stdout) as Report };
}

function bad({ findings }: Report): readonly string[] {
  return findings.filter(({ verdict }) => verdict === 'warning' || verdict === 'problem').map(({ check }) => check);
}

describe('toolwise doctor', () => {
  it('finds everything in order after use, one line a check, and changes nothing', async () => {
    const db = await usedDatabase();
    const before = contentOf(db);
    const { code, stdout, stderr } = await doctor(db);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const check of [
      'Node',
      'settings',
      'permissions',
      'SQLite',
      'schema',
      'journal',
      'integrity',
      'newest event',
      'log',
      'write test',
      'learned values',
    ]) {
      expect(stdout).toMatch(new RegExp(`^${check} +ok +\\S`, 'm'));
    }
    expect(stdout.trimEnd()).toMatch(/Everything is in order\.$/);
    expect(stdout).not.toContain('\u001b');
    expect(contentOf(db)).toBe(before);
    expect(readdirSync(dirname(db)).filter((name) => !/^toolwise\.db(-mark|-wal|-shm)?$/.test(name))).toEqual([]);
  });

  it('is content while a server uses the database', async () => {
    const client = await start();
    await client.ask('record_execution', { session_id: 's', tool_name: 'search', success: true });
    expect(await report(client.db)).toMatchObject({ code: 0, said: { is_clean: true } });
    await client.ask('record_execution', { session_id: 's', tool_name: 'search', success: true });
    expect(await report(client.db)).toMatchObject({ code: 0, said: { is_clean: true, differences: [] } });
  });

  it.each<[string, string, string]>([
    [
      'a changed Q-value',
      `UPDATE action_values SET q_value = q_value + 1 WHERE visit_count = (SELECT max(visit_count) FROM action_values)`,
      'action values',
    ],
    ['a wrong count', `UPDATE action_values SET visit_count = visit_count + 3 WHERE visit_count > 1`, 'action values'],
    ['a missing sequence', `DELETE FROM ngrams`, 'n-grams'],
    ['a wrong rating', `UPDATE tools SET rating_sum = rating_sum + 1 WHERE rated_calls > 0`, 'tools'],
  ])('finds %s, and --repair mends it', async (_, statement, table) => {
    const db = await usedDatabase();
    const good = learned(db);
    change(db, statement);
    const tampered = contentOf(db);
    const { code, said } = await report(db);
    expect(code).toBe(1);
    expect(bad(said)).toEqual(['learned values']);
    expect(said.differences.length).toBe(Math.min(20, said.difference_count));
    expect(new Set(said.differences.map((difference) => difference.table))).toEqual(new Set([table]));
    expect(contentOf(db)).toBe(tampered);

    const { code: repaired, stdout } = await doctor(db, '--repair');
    expect(repaired).toBe(0);
    expect(stdout).toContain(`Values that differ\ntable`);
    const backup = /The database as it was is (.*)/.exec(stdout)?.[1] ?? '';
    expect(dirname(backup)).toBe(dirname(db));
    expect(basename(backup)).toMatch(/^toolwise\.db\.before-repair-\d{4}-\d\d-\d\dT[\d-]+Z$/);
    expect(statSync(backup).mode & 0o077).toBe(0);
    expect(contentOf(backup)).toBe(tampered);
    expect(stdout.trimEnd()).toMatch(/Everything is in order\.$/);
    expect(learned(db)).toEqual(good);
  });

  it('finds a removed row and a counter that is wrong, and --repair learns again from what is left', async () => {
    const db = await usedDatabase();
    change(
      db,
      'DELETE FROM feedback WHERE execution_seq = 4',
      'DELETE FROM transitions WHERE seq = 4',
      'DELETE FROM executions WHERE seq = 4',
    );
    const { code, said } = await report(db);
    expect(code).toBe(1);
    expect(bad(said)).toContain('log');
    expect(said.findings.map(({ told }) => told).join('\n')).toMatch(/2 of \d+ events are missing, the first of them number \d+/);
    expect(said.findings.map(({ told }) => told).join('\n')).toContain('11 executions are there, but 12 were counted');
    const after = await report(db, '--repair');
    expect(after).toMatchObject({ code: 0, said: { is_clean: true, repaired: { backup: expect.stringContaining('before-repair') } } });
    expect(await report(db)).toMatchObject({ code: 0, said: { is_clean: true, repaired: null } });
  });

  it('has nothing to repair where everything is in order, and makes no copy then', async () => {
    const db = await usedDatabase();
    const { code, stdout } = await doctor(db, '--repair');
    expect(code).toBe(0);
    expect(stdout.trimEnd()).toMatch(/There was nothing to repair\.$/);
    expect(readdirSync(dirname(db)).some((name) => name.includes('before-repair'))).toBe(false);
  });

  it('says plainly what was removed as too old, and is content', async () => {
    const client = await start({ args: ['--max-executions', '100'] });
    for (let n = 0; n < 260; n++) await client.ask('record_execution', { session_id: `s${n % 5}`, tool_name: 'search', success: true });
    await client.stop();
    const { code, said } = await report(client.db);
    expect(code).toBe(0);
    const told = (check: string) => said.findings.find((finding) => finding.check === check)?.told;
    expect(told('log')).toMatch(/the oldest \d+ executions were removed to stay within the limits/);
    expect(told('learned values')).toMatch(/cannot all be learned again to compare: \d+ of 260 executions were removed/);
  });

  it('reports a file that does not exist, and makes none', async () => {
    const db = temporaryDatabase();
    const { code, stdout } = await doctor(db);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^database +note +does not exist yet/m);
    expect(existsSync(db)).toBe(false);
  });

  it.each<[string, (db: string) => void, RegExp]>([
    ['a text file', (db) => writeFileSync(db, 'Dear diary,\n'.repeat(500), { mode: 0o600 }), /not a toolwise database|damaged/],
    ['an empty file', (db) => writeFileSync(db, '', { mode: 0o600 }), /is empty/],
    ['half a database', (db) => writeFileSync(db, readFileSync(db).subarray(0, 9_000)), /damaged/],
    ['a newer schema', (db) => setPragma(db, 'PRAGMA user_version = 99'), /schema version 99, this toolwise knows \d/],
    ["another program's database", (db) => setPragma(db, 'PRAGMA application_id = 7'), /another program/],
  ])('reports %s and leaves it as it is', async (_, spoil, told) => {
    const db = await usedDatabase();
    for (const suffix of ['-wal', '-shm', '-mark']) rmSync(`${db}${suffix}`, { force: true });
    spoil(db);
    const before = readFileSync(db);
    for (const args of [[], ['--repair'], ['--json']]) {
      const { code, stdout, stderr } = await doctor(db, ...args);
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toMatch(told);
      expect(stdout).not.toMatch(/\n +at /);
    }
    expect(readFileSync(db).equals(before)).toBe(true);
  });

  it('finds events that were written and are gone', async () => {
    const db = await usedDatabase();
    const early = readFileSync(db);
    const client = await start({ db });
    for (let n = 0; n < 5; n++) await client.ask('record_execution', { session_id: 'late', tool_name: 'read', success: true });
    await client.stop();
    for (const suffix of ['-wal', '-shm']) rmSync(`${db}${suffix}`, { force: true });
    writeFileSync(db, early);
    const { code, said } = await report(db);
    expect(code).toBe(1);
    expect(bad(said)).toEqual(['newest event']);
    expect(said.findings.find(({ check }) => check === 'newest event')?.told).toMatch(/but 5 more had been written/);
  });

  it.runIf(process.getuid !== undefined)('finds files that others may read, and says what to do', async () => {
    const db = await usedDatabase();
    chmodSync(db, 0o644);
    const { code, stdout } = await doctor(db);
    expect(code).toBe(1);
    expect(stdout).toContain(`chmod 600 "${db}"`);
    chmodSync(db, 0o600);
    expect((await doctor(db)).code).toBe(0);
  });

  it('names every bad setting and checks the rest all the same', async () => {
    const db = await usedDatabase();
    const { code, stdout } = await runServer(['doctor', '--db', db, '--learning-rate', '7', '--json'], {
      input: '',
      env: { TOOLWISE_BATCH_SIZE: 'many', TOOLWISE_READONLY: '1' },
    });
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as Report;
    const told = findings.filter(({ check }) => check === 'settings').map(({ told: text }) => text);
    expect(told).toEqual([
      expect.stringContaining('--learning-rate is 7'),
      expect.stringContaining('TOOLWISE_BATCH_SIZE is "many"'),
      expect.stringContaining('TOOLWISE_READONLY'),
    ]);
    expect(findings.find(({ check }) => check === 'learned values')).toMatchObject({ verdict: 'ok' });
  });

  it('reports a configuration file that cannot be read', async () => {
    const db = await usedDatabase();
    const { code, stdout } = await doctor(db, '--config', join(dirname(db), 'none.json'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^settings +PROBLEM +--config .*none\.json cannot be read/m);
    expect(stdout).toMatch(/^log +ok/m);
  });

  it('says that a database in memory is nobody else’s', async () => {
    const { code, stdout } = await doctor(':memory:');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^database +note +in memory/m);
  });
});

function setPragma(db: string, pragma: string): void {
  const database = new Database(db);
  database.exec(pragma);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

/** Every row of what is recorded and learned, whatever the order of the rows. */
function learned(db: string): readonly (readonly [string, readonly string[]])[] {
  const names = [
    'tools',
    'action_values',
    'ngrams',
    'executions',
    'feedback',
    'episodes',
    'requests',
    'recommendations',
    'transitions',
    'learner',
  ];
  return names.map(
    (name) =>
      [
        name,
        rowsOf(db, `SELECT * FROM ${name}`)
          .map((row) => JSON.stringify(row))
          .sort(),
      ] as const,
  );
}
