import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oldNode, runServer, script } from '../helpers/run-server.ts';
import { SERVER, useServers } from '../helpers/stdio-client.ts';
import { temporaryDatabase, temporaryDirectory } from '../helpers/temporary.ts';
import { faultsOf } from '../helpers/wire-schema.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

const start = useServers();

describe('the command line', () => {
  it.concurrent.each([[['--help']], [['serve', '--help']], [['--version']]])('%j prints and never starts the protocol', async (args) => {
    const db = temporaryDatabase();
    const { code, stdout } = await runServer([...args, '--db', db]);
    expect(code).toBe(0);
    expect(stdout).toContain(args.at(-1) === '--version' ? version : 'Usage: toolwise');
    expect(stdout).not.toContain('jsonrpc');
    expect(existsSync(db)).toBe(false);
  });

  it.concurrent.each([
    ['--red-only', '--read-only'],
    ['--exploration-rat', '--exploration-rate'],
    ['--toolset', '--toolsets'],
    ['stauts', 'status'],
  ])('%s is an error that suggests %s', async (wrong, right) => {
    const { code, stdout, stderr } = await runServer([wrong]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(wrong);
    expect(stderr).toContain(right);
  });

  it.concurrent.each([
    [['--exploration-rate', '2'], 'exploration', '2'],
    [['--exploration-rate', 'NaN'], 'exploration', 'NaN'],
    [['--seed', 'soon'], 'seed', 'soon'],
    [['--toolsets', 'agent,insigth'], 'toolsets', 'insigth'],
    [['--batch-size', '1.5'], 'batch', '1.5'],
  ])('a wrong value is an error that names flag and value: %j', async (args, flag, value) => {
    const { code, stdout, stderr } = await runServer([...args, '--db', temporaryDatabase()], { input: '' });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(flag);
    expect(stderr).toContain(value);
  });

  it('a wrong variable is an error that names it', async () => {
    const { code, stderr } = await runServer(['--db', temporaryDatabase()], { input: '', env: { TOOLWISE_LEARNING_RATE: '-1' } });
    expect(code).toBe(2);
    expect(stderr).toContain('TOOLWISE_LEARNING_RATE');
  });

  it('flags win over variables', async () => {
    const client = await start({ args: ['--exploration-rate', '0.5'], env: { TOOLWISE_EXPLORATION_RATE: '0.25' } });
    expect(await client.ask('select_tool', { query: 'find it', available_tools: ['search'] })).toMatchObject({ exploration_rate: 0.5 });
  });

  it('a literal placeholder of a client counts as unset, with a warning', async () => {
    const client = await start({ env: { TOOLWISE_EXPLORATION_RATE: '$' + '{user_config.rate}' } });
    expect(await client.ask('select_tool', { query: 'find it', available_tools: ['search'] })).toMatchObject({ exploration_rate: 0.1 });
    expect(client.stderr).toContain('TOOLWISE_EXPLORATION_RATE');
  });

  it('without --db the database lies in the data folder, made with its parents, readable by its owner only', async () => {
    const data = join(temporaryDirectory(), 'not', 'there', 'yet');
    const call = {
      method: 'tools/call',
      params: { name: 'record_execution', arguments: { session_id: 'a', tool_name: 'b', success: true } },
    };
    const { code } = await runServer([], { input: script([call]), env: { XDG_DATA_HOME: data } });
    expect(code).toBe(0);
    const status = await runServer(['status'], { env: { XDG_DATA_HOME: data } });
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('b') });
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files) expect(statSync(join(parentPath, name)).mode & 0o077, name).toBe(0);
  });

  it(':memory: works and is said to be forgotten at exit', async () => {
    const client = await start({ db: ':memory:' });
    await client.ask('record_execution', { session_id: 'a', tool_name: 'search', success: true });
    expect(await client.ask('get_learning_stats')).toMatchObject({ update_count: 1 });
    expect(client.stderr).toMatch(/forg[eo]t/);
  });

  const old = oldNode();
  if (old === undefined) console.warn('command-line.test.ts: no Node.js older than 22 on PATH; the version check is not tried');
  it.runIf(old !== undefined)('an old Node.js hands over to the newer one that npm installed beside it', async () => {
    const { code, signal, stdout, stderr } = await runServer([], { input: script([]), node: old });
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => faultsOf(line, () => 'initialize')),
    ).toEqual([[]]);
    expect(stderr).toContain('too old');
  });

  it.runIf(old !== undefined)('an old Node.js alone is told what to do, without a crash', async () => {
    const { code, signal, stdout, stderr } = await runServer([], { input: script([]), node: old, server: copyOfServer() });
    expect({ code, signal, stdout }).toEqual({ code: 1, signal: null, stdout: '' });
    expect(stderr).toContain('22.19');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

/** The built files in a package of their own, with no node_modules beside them. */
function copyOfServer(): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  cpSync(dirname(SERVER), join(directory, 'dist'), { recursive: true });
  return join(directory, 'dist', basename(SERVER));
}
