import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it, vi } from 'vitest';
import { type Run, runServer } from '../../helpers/run-server.ts';
import { SERVER } from '../../helpers/stdio-client.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';

// Each setup starts the server.
vi.setConfig({ testTimeout: 60_000 });

interface Example {
  readonly client: string;
  /** Its file in a home folder on Linux. */
  readonly path: string;
  readonly keys: readonly string[];
  /** A file with comments and another server. */
  readonly text: string;
}

const JSON_SERVERS = (key: string) => `{
  // kept
  "theme": "dark",
  "${key}": {
    /* kept too */
    "other": { "command": "x", "env": { "A": "b" } }
  }
}
`;

const EXAMPLES: readonly Example[] = [
  { client: 'claude-desktop', path: '.config/Claude/claude_desktop_config.json', keys: ['mcpServers'], text: JSON_SERVERS('mcpServers') },
  { client: 'claude-code', path: '.claude.json', keys: ['mcpServers'], text: JSON_SERVERS('mcpServers') },
  { client: 'cursor', path: '.cursor/mcp.json', keys: ['mcpServers'], text: JSON_SERVERS('mcpServers') },
  { client: 'vscode', path: '.config/Code/User/mcp.json', keys: ['servers'], text: JSON_SERVERS('servers') },
  {
    client: 'codex',
    path: '.codex/config.toml',
    keys: ['mcp_servers'],
    text: '# kept\nmodel = "m"\n\n[mcp_servers.other]\ncommand = "x"\n',
  },
  { client: 'windsurf', path: '.codeium/windsurf/mcp_config.json', keys: ['mcpServers'], text: JSON_SERVERS('mcpServers') },
  { client: 'zed', path: '.config/zed/settings.json', keys: ['context_servers'], text: JSON_SERVERS('context_servers') },
];

async function setup(home: string, ...args: string[]): Promise<Run> {
  return await runServer(['setup', ...args], { input: '', env: { HOME: home }, timeout: 60_000 });
}

/** A home folder with that file in it. @param text undefined: no file */
function homeWith(path: string, text?: string): { readonly home: string; readonly file: string } {
  const home = temporaryDirectory();
  const file = join(home, path);
  if (text !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { home, file };
}

function backupsIn(file: string): string[] {
  return readdirSync(dirname(file)).filter((name) => name.includes('toolwise'));
}

function entryIn(text: string, { client, keys }: Example): unknown {
  const value: unknown = client === 'codex' ? parseToml(text) : JSON.parse(text);
  return [...keys, 'toolwise'].reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);
}

describe.each(EXAMPLES)('setup of $client', (example) => {
  const { client, path, text } = example;

  it('makes the file, starts the server from it, and undo leaves nothing', async () => {
    const { home, file } = homeWith(path);
    const { code, stdout, stderr } = await setup(home, client);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Started +toolwise \S+ from the entry: \d+ tools/);
    expect(entryIn(readFileSync(file, 'utf8'), example)).toEqual({
      ...(client === 'vscode' ? { type: 'stdio' } : {}),
      command: expect.stringMatching(/^\/.*node$/),
      args: [SERVER],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await setup(home, client, '--undo')).code).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('keeps comments and other servers, does nothing the second time, and undo gives the bytes back', async () => {
    const { home, file } = homeWith(path, text);
    chmodSync(file, 0o640);
    expect((await setup(home, client)).code).toBe(0);
    const after = readFileSync(file, 'utf8');
    for (const line of text.split('\n')) expect(after).toContain(line);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const [backup = '', ...more] = backupsIn(file);
    expect(more).toEqual([]);
    expect(readFileSync(join(dirname(file), backup), 'utf8')).toBe(text);
    expect(statSync(join(dirname(file), backup)).mode & 0o777).toBe(0o600);
    const again = await setup(home, client);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('there already') });
    expect(readFileSync(file, 'utf8')).toBe(after);
    expect((await setup(home, client, '--undo')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(backupsIn(file)).toEqual([]);
  });

  it('prints with --print what it would write, and nothing else', async () => {
    const { home, file } = homeWith(path);
    const { code, stdout, stderr } = await setup(home, client, '--print', '--db', '/data/x.db');
    expect(code).toBe(0);
    expect(stderr).toContain(file);
    expect(existsSync(file)).toBe(false);
    expect(entryIn(stdout, example)).toMatchObject({ args: [SERVER, '--db', '/data/x.db'] });
    await setup(home, client, '--db', '/data/x.db');
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  });

  it('leaves a broken file as it is and names the line', async () => {
    const broken = client === 'codex' ? 'a = 1\nb = \n' : '{\n  "a": oops\n}\n';
    const { home, file } = homeWith(path, broken);
    const { code, stderr } = await setup(home, client);
    expect(code).toBe(1);
    expect(stderr).toMatch(/line 2: it is not valid (JSON|TOML)/);
    expect(stderr).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe(broken);
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
  });
});

describe('setup', () => {
  it('lists what it found when no client is named, and changes nothing', async () => {
    const { home } = homeWith('.cursor/mcp.json', '{}');
    const { code, stdout } = await setup(home);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Cursor +yes/);
    expect(stdout).toMatch(/Zed +no/);
    expect(stdout).toContain(`node ${SERVER} setup cursor`);
    expect(readdirSync(home)).toEqual(['.cursor']);
  });

  it('writes through a link and leaves it one', async () => {
    const { home, file } = homeWith('dotfiles/cursor.json', '{}\n');
    mkdirSync(join(home, '.cursor'));
    const link = join(home, '.cursor/mcp.json');
    symlinkSync(file, link);
    expect((await setup(home, 'cursor')).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('toolwise.js');
    expect((await setup(home, 'cursor', '--undo')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('{}\n');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('keeps what was written since when it is undone', async () => {
    const { home, file } = homeWith('.cursor/mcp.json', '{\n  "mcpServers": {}\n}\n');
    await setup(home, 'cursor');
    const edited = readFileSync(file, 'utf8').replace('{\n', '{\n  "since": true,\n');
    writeFileSync(file, edited);
    expect((await setup(home, 'cursor', '--undo')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('{\n  "since": true,\n  "mcpServers": {}\n}\n');
  });

  it('puts everything back when the server does not start', async () => {
    const text = '{\n  "mcpServers": {\n    "toolwise": { "command": "/x/toolwise", "env": { "TOOLWISE_SEED": "soon" } }\n  }\n}\n';
    const { home, file } = homeWith('.cursor/mcp.json', text);
    const { code, stderr } = await setup(home, 'cursor');
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not start[\s\S]*TOOLWISE_SEED[\s\S]*as they were before/);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(dirname(file))).toEqual(['mcp.json']);
  });

  it('replaces another server of that name only when it is told to', async () => {
    const text = '{\n  "mcpServers": {\n    "toolwise": { "command": "echo" }\n  }\n}\n';
    const { home, file } = homeWith('.cursor/mcp.json', text);
    const refused = await setup(home, 'cursor');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    expect(await setup(home, 'cursor', '--undo')).toMatchObject({ code: 1, stderr: expect.stringContaining('does not start toolwise') });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect((await setup(home, 'cursor', '--name', 'learner')).code).toBe(0);
    expect((await setup(home, 'cursor', '--name', 'learner', '--undo')).code).toBe(0);
    expect((await setup(home, 'cursor', '--force')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toContain('echo');
    expect((await setup(home, 'cursor', '--undo')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('keeps the flags and fields of an entry that is there', async () => {
    const { home, file } = homeWith('.cursor/mcp.json');
    await setup(home, 'cursor', '--db', '/data/x.db', '--read-only');
    const moved = readFileSync(file, 'utf8').replace(SERVER, '/old/toolwise.js').replace('"command"', '"env": {}, "command"');
    writeFileSync(file, moved);
    expect((await setup(home, 'cursor')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(moved.replace('/old/toolwise.js', SERVER));
  });

  it('refuses a read-only file', async () => {
    const { home, file } = homeWith('.cursor/mcp.json', '{}');
    chmodSync(file, 0o444);
    const { code, stderr } = await setup(home, 'cursor');
    expect({ code, text: readFileSync(file, 'utf8') }).toEqual({ code: 1, text: '{}' });
    expect(stderr).toContain('read-only');
  });

  it.each<[string[], string]>([
    [['cursr'], 'the nearest is cursor'],
    [['zed', '--project'], '--project'],
    [['zed', '--with-hooks'], '--with-hooks'],
    [['cursor', '--name', 'a b'], '--name is "a b"'],
    [['cursor', '--seed', 'soon'], 'soon'],
    [['--undo'], '--undo needs the name'],
    [['--print'], '--print needs the name'],
  ])('%j is refused', async (args, part) => {
    const { home } = homeWith('x');
    const { code, stdout, stderr } = await setup(home, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(part);
    expect(readdirSync(home)).toEqual([]);
  });

  it('adds the recorder and takes it out with the server', async () => {
    const text = '{\n  "hooks": {\n    "Stop": [{ "hooks": [{ "type": "command", "command": "mine" }] }]\n  }\n}\n';
    const { home, file } = homeWith('.claude/settings.json', text);
    const { code } = await setup(home, 'claude-code', '--with-hooks', '--db', '/data/x.db', '--ucb-c', '3');
    expect(code).toBe(0);
    const { hooks } = JSON.parse(readFileSync(file, 'utf8')) as { hooks: Record<string, { hooks: object[] }[]> };
    expect(hooks['Stop']?.[1]?.hooks[0]).toMatchObject({ args: [SERVER, 'hook', '--db', '/data/x.db'] });
    expect((await setup(home, 'claude-code', '--undo')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(existsSync(join(home, '.claude.json'))).toBe(false);
  });
});
