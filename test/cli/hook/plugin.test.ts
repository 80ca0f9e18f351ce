import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { payload } from '../../capture/formats/hook-fixture.ts';
import { script } from '../../helpers/run-server.ts';
import { cleanEnvironment, SERVER } from '../../helpers/stdio-client.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { waiting } from './run.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PLUGIN = join(ROOT, 'plugin');

/** `HOOK_EVENTS` of npm @anthropic-ai/claude-agent-sdk 0.3.331, those that tell of calls. */
const CLAUDE_EVENTS = new Map([
  ['UserPromptSubmit', 'user-prompt-submit'],
  ['PreToolUse', 'pre-tool-use'],
  ['PostToolUse', 'post-tool-use-bash'],
  ['PostToolUseFailure', 'post-tool-use-failure'],
  ['PostToolBatch', 'post-tool-batch'],
  ['PermissionDenied', 'permission-denied'],
  ['Stop', 'stop'],
  ['StopFailure', 'stop-failure'],
  ['SubagentStop', 'subagent-stop'],
  ['SessionEnd', 'session-end'],
]);
const CURSOR_EVENTS = new Map([
  ['beforeSubmitPrompt', 'before-submit-prompt'],
  ['afterMCPExecution', 'after-mcp-execution'],
  ['postToolUse', 'post-tool-use-shell'],
  ['postToolUseFailure', 'post-tool-use-failure'],
  ['stop', 'stop'],
  ['sessionEnd', 'session-end'],
]);

interface Handler {
  readonly type: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly async?: boolean;
  readonly timeout: number;
}

interface Hooks {
  readonly description: string;
  readonly hooks: Readonly<Record<string, readonly { readonly matcher?: string; readonly hooks: readonly Handler[] }[]>>;
}

const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;
const hooks = read<Hooks>(PLUGIN, 'hooks', 'hooks.json');

/** What Claude Code does with a handler: the plugin's folder put in, no shell. */
function run(command: string, args: readonly string[], input: string, { root = PLUGIN, db = temporaryDatabase(), path = '' } = {}) {
  const filled = args.map((arg) => arg.replace(/\$\{CLAUDE_PLUGIN_ROOT\}/g, root));
  const env = cleanEnvironment({ TOOLWISE_DB: db, PATH: `${path}${delimiter}${dirname(process.execPath)}` });
  const { status, stdout, stderr } = spawnSync(command, filled, { input, env, encoding: 'utf8', timeout: 20_000 });
  return { status, stdout, stderr, events: waiting(db) };
}

describe('the plugin of Claude Code', () => {
  it('has a manifest with a name that a plugin may have, and the version of the package', () => {
    const manifest = read<Record<string, unknown>>(PLUGIN, '.claude-plugin', 'plugin.json');
    expect(manifest).toMatchObject({
      name: expect.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/),
      version: read<{ version: string }>(ROOT, 'package.json').version,
    });
    expect(readdirSync(join(PLUGIN, '.claude-plugin'))).toEqual(['plugin.json']);
  });

  it('is what the marketplace of this repository offers', () => {
    const marketplace = read<{ name: string; owner: { name: string }; plugins: { name: string; source: string }[] }>(
      ROOT,
      '.claude-plugin',
      'marketplace.json',
    );
    expect(marketplace).toMatchObject({ name: 'toolwise', owner: { name: expect.any(String) } });
    for (const { name, source } of marketplace.plugins) {
      expect(source).toMatch(/^\.\//);
      expect(read<{ name: string }>(ROOT, source, '.claude-plugin', 'plugin.json').name).toBe(name);
    }
  });

  it('has a skill with a name and a description, each on a line without a colon', () => {
    for (const folder of readdirSync(join(PLUGIN, 'skills'))) {
      const [, front] = readFileSync(join(PLUGIN, 'skills', folder, 'SKILL.md'), 'utf8').split('---\n');
      expect(front).toMatch(new RegExp(`^name: ${folder}\\ndescription: [^:\\n]{20,1000}\\n$`));
    }
  });

  it('listens to every event that tells of calls, in the background where nobody waits for the order', () => {
    expect(Object.keys(hooks.hooks).sort()).toEqual([...CLAUDE_EVENTS.keys()].sort());
    for (const [event, groups] of Object.entries(hooks.hooks)) {
      expect(groups).toHaveLength(1);
      const [group] = groups;
      expect(group?.matcher).toBe(/Tool(Use|UseFailure)$|Denied$/.test(event) ? '*' : undefined);
      expect(group?.hooks).toMatchObject([{ type: 'command', timeout: 10 }]);
      expect(group?.hooks[0]?.async ?? false).toBe(!/^(Stop|StopFailure|SessionEnd)$/.test(event));
    }
  });

  it.each([...CLAUDE_EVENTS])('records at %s, in silence', (event, fixture) => {
    const [handler] = hooks.hooks[event]?.[0]?.hooks ?? [];
    const done = run(handler?.command ?? '', handler?.args ?? [], JSON.stringify(payload('claude-hook', fixture)));
    expect(done).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(done.events.length).toBeGreaterThan(0);
  });

  it('starts the server', () => {
    const { mcpServers } = read<{ mcpServers: Record<string, Handler> }>(PLUGIN, '.mcp.json');
    expect(Object.keys(mcpServers)).toEqual(['toolwise']);
    const { command = '', args = [] } = mcpServers['toolwise'] ?? {};
    const { stdout } = run(command, args, script([{ method: 'tools/list', params: {} }]));
    expect(stdout).toContain('recommend_tools');
  });
});

describe('a copy of the plugin, as Claude Code makes one', () => {
  const copy = () => {
    const root = join(temporaryDirectory(), 'cache', 'toolwise');
    cpSync(PLUGIN, root, { recursive: true });
    return root;
  };
  const [handler] = hooks.hooks['PostToolUse']?.[0]?.hooks ?? [];
  const input = JSON.stringify(payload('claude-hook', 'post-tool-use-bash'));

  it.skipIf(process.platform === 'win32')('finds the program that is installed', () => {
    const bin = join(temporaryDirectory(), 'bin');
    mkdirSync(bin);
    symlinkSync(SERVER, join(bin, 'toolwise'));
    const done = run(handler?.command ?? '', handler?.args ?? [], input, { root: copy(), path: bin });
    expect(done).toMatchObject({ status: 0, stdout: '', stderr: '', events: [{ kind: 'call', tool_name: 'Bash' }] });
  });

  it('disturbs nobody without a program, but says so when it is to serve', () => {
    const root = copy();
    expect(run(handler?.command ?? '', handler?.args ?? [], input, { root })).toEqual({ status: 0, stdout: '', stderr: '', events: [] });
    const served = run('node', [join(root, 'start.mjs')], '');
    expect(served).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('npm link') });
  });
});

describe('the hooks for Cursor', () => {
  const { version, hooks: events } = read<{ version: number; hooks: Record<string, { command: string }[]> }>(
    PLUGIN,
    'cursor',
    'hooks.json',
  );

  it('ask for no permission, and run the program on PATH', () => {
    expect(version).toBe(1);
    expect(Object.keys(events).sort()).toEqual([...CURSOR_EVENTS.keys()].sort());
    for (const entries of Object.values(events)) expect(entries).toMatchObject([{ command: 'toolwise hook' }]);
  });

  it.each([...CURSOR_EVENTS])('record at %s, in silence', (_event, fixture) => {
    const done = run('node', [SERVER, 'hook'], JSON.stringify(payload('cursor-hook', fixture)));
    expect(done).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(done.events.length).toBeGreaterThan(0);
  });
});

it('has no file in the plugin that does not belong to it', () => {
  expect(readdirSync(PLUGIN).sort()).toEqual(['.claude-plugin', '.mcp.json', 'README.md', 'cursor', 'hooks', 'skills', 'start.mjs']);
  expect(existsSync(join(PLUGIN, 'start.mjs'))).toBe(true);
});
