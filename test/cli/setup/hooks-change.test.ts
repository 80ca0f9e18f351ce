import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { claudeHooks, cursorHooks } from '../../../src/cli/setup/hooks-change.ts';

const COMMAND = { command: '/usr/bin/node', args: ['/opt/tool wise/toolwise.js', 'hook', '--db', '/x.db'] };
function pluginHooks(file: string): unknown {
  return (JSON.parse(readFileSync(new URL(`../../../plugin/${file}`, import.meta.url), 'utf8')) as { hooks: unknown }).hooks;
}

const OTHERS = `{
  // mine
  "hooks": {
    "PostToolUse": [
      { "matcher": "Write", "hooks": [{ "type": "command", "command": "prettier" }] }
    ]
  }
}
`;

describe('the hooks of Claude Code', () => {
  const change = claudeHooks('settings.json', COMMAND);

  it('record successes and failures, without a shell and without making anybody wait', () => {
    const { hooks } = JSON.parse(change.put('')) as { hooks: Record<string, { matcher?: string; hooks: unknown[] }[]> };
    expect(Object.keys(hooks)).toEqual(
      expect.arrayContaining(['UserPromptSubmit', 'PostToolUse', 'PostToolUseFailure', 'Stop', 'SessionEnd']),
    );
    const handler = { type: 'command', ...COMMAND, async: true, timeout: 10 };
    expect(hooks['PostToolUseFailure']).toEqual([{ matcher: '*', hooks: [handler] }]);
    expect(hooks['SubagentStop']).toEqual([{ hooks: [handler] }]);
  });

  it('are those of the plugin, and so are those of Cursor', () => {
    const start = { command: 'node', args: ['$' + '{CLAUDE_PLUGIN_ROOT}/start.mjs', 'hook'] };
    expect(JSON.parse(claudeHooks('', start).put('')).hooks).toEqual(pluginHooks('hooks/hooks.json'));
    expect(JSON.parse(cursorHooks('', { command: 'toolwise', args: ['hook'] }, 'linux').put('')).hooks).toEqual(
      pluginHooks('cursor/hooks.json'),
    );
  });

  it('go behind those of others and are taken out alone', () => {
    const after = change.put(OTHERS);
    expect(after).toContain('"command": "prettier"');
    expect(after).toContain('// mine');
    expect(change.put(after)).toBe(after);
    expect(change.state(OTHERS)).toBe('absent');
    expect(change.state(after)).toBe('ours');
    expect(change.remove(after)).toBe(OTHERS);
  });

  it('replace those of a toolwise that lay elsewhere', () => {
    const old = claudeHooks('settings.json', { command: 'node', args: ['/old/toolwise.js', 'hook'] }).put(OTHERS);
    const after = change.put(old);
    expect(after).not.toContain('/old/');
    expect(change.remove(after)).toBe(OTHERS);
  });

  it('say the same when they are put into another text', () => {
    expect(change.copy(change.put(OTHERS), OTHERS)).toBe(change.put(OTHERS));
    expect(change.copy(change.put(''), '')).toBe(change.put(''));
  });
});

describe('the hooks of Cursor', () => {
  it('are commands for a shell, quoted where a path has blanks', () => {
    const { version, hooks } = JSON.parse(cursorHooks('hooks.json', COMMAND, 'linux').put('')) as {
      version: number;
      hooks: Record<string, { command: string }[]>;
    };
    expect(version).toBe(1);
    expect(hooks['stop']?.[0]?.command).toBe("/usr/bin/node '/opt/tool wise/toolwise.js' hook --db /x.db");
    expect(cursorHooks('hooks.json', COMMAND, 'win32').put('')).toContain('\\"/opt/tool wise/toolwise.js\\" hook');
  });

  it('are taken out alone', () => {
    const others = '{\n  "version": 1,\n  "hooks": {\n    "stop": [{ "command": "mine" }]\n  }\n}\n';
    const change = cursorHooks('hooks.json', COMMAND, 'linux');
    expect(change.state(change.put(others))).toBe('ours');
    expect(change.remove(change.put(others))).toBe(others);
  });
});
