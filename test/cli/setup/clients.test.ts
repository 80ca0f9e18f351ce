import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../../src/cli/settings/paths.ts';
import { CLIENTS, claudeFolder } from '../../../src/cli/setup/clients.ts';

const LINUX: Surroundings = { platform: 'linux', env: {}, home: '/home/ann', cwd: '/work' };
const MAC: Surroundings = { platform: 'darwin', env: {}, home: '/Users/ann', cwd: '/work' };
const WINDOWS: Surroundings = {
  platform: 'win32',
  env: { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' },
  home: 'C:\\Users\\ann',
  cwd: 'C:\\work',
};

function fileOf(name: string, surroundings: Surroundings): string | undefined {
  return CLIENTS.find((client) => client.name === name)?.userFile(surroundings);
}

describe("a client's file", () => {
  it.each([
    ['claude-desktop', '/home/ann/.config/Claude/claude_desktop_config.json'],
    ['claude-code', '/home/ann/.claude.json'],
    ['cursor', '/home/ann/.cursor/mcp.json'],
    ['vscode', '/home/ann/.config/Code/User/mcp.json'],
    ['codex', '/home/ann/.codex/config.toml'],
    ['windsurf', '/home/ann/.codeium/windsurf/mcp_config.json'],
    ['zed', '/home/ann/.config/zed/settings.json'],
  ])('of %s on Linux is %s', (name, file) => {
    expect(fileOf(name, LINUX)).toBe(file);
  });

  it.each([
    ['claude-desktop', '/Users/ann/Library/Application Support/Claude/claude_desktop_config.json'],
    ['claude-code', '/Users/ann/.claude.json'],
    ['cursor', '/Users/ann/.cursor/mcp.json'],
    ['vscode', '/Users/ann/Library/Application Support/Code/User/mcp.json'],
    ['codex', '/Users/ann/.codex/config.toml'],
    ['windsurf', '/Users/ann/.codeium/windsurf/mcp_config.json'],
    ['zed', '/Users/ann/.config/zed/settings.json'],
  ])('of %s on macOS is %s', (name, file) => {
    expect(fileOf(name, MAC)).toBe(file);
  });

  it.each([
    ['claude-desktop', 'C:\\Users\\ann\\AppData\\Roaming\\Claude\\claude_desktop_config.json'],
    ['claude-code', 'C:\\Users\\ann\\.claude.json'],
    ['cursor', 'C:\\Users\\ann\\.cursor\\mcp.json'],
    ['vscode', 'C:\\Users\\ann\\AppData\\Roaming\\Code\\User\\mcp.json'],
    ['codex', 'C:\\Users\\ann\\.codex\\config.toml'],
    ['windsurf', 'C:\\Users\\ann\\.codeium\\windsurf\\mcp_config.json'],
    ['zed', 'C:\\Users\\ann\\AppData\\Roaming\\Zed\\settings.json'],
  ])('of %s on Windows is %s, also without APPDATA', (name, file) => {
    expect(fileOf(name, WINDOWS)).toBe(file);
    expect(fileOf(name, { ...WINDOWS, env: {} })).toBe(file);
  });

  it.each([
    ['claude-code', 'CLAUDE_CONFIG_DIR', '/elsewhere/.claude.json'],
    ['codex', 'CODEX_HOME', '/elsewhere/config.toml'],
    ['zed', 'XDG_CONFIG_HOME', '/elsewhere/zed/settings.json'],
    ['vscode', 'XDG_CONFIG_HOME', '/elsewhere/Code/User/mcp.json'],
    ['claude-desktop', 'XDG_CONFIG_HOME', '/elsewhere/Claude/claude_desktop_config.json'],
  ])('of %s follows %s', (name, variable, file) => {
    expect(fileOf(name, { ...LINUX, env: { [variable]: '/elsewhere' } })).toBe(file);
  });

  it('ignores a relative XDG_CONFIG_HOME', () => {
    expect(fileOf('zed', { ...LINUX, env: { XDG_CONFIG_HOME: 'here' } })).toBe('/home/ann/.config/zed/settings.json');
  });

  it("holds Claude Code's hooks in a folder beside, or in the folder that is named", () => {
    expect(claudeFolder(LINUX)).toBe('/home/ann/.claude');
    expect(claudeFolder({ ...LINUX, env: { CLAUDE_CONFIG_DIR: '/elsewhere' } })).toBe('/elsewhere');
  });

  it('names the servers of VS Code "servers" and gives each a type', () => {
    expect(CLIENTS.filter(({ typed }) => typed).map(({ name, servers }) => [name, servers])).toEqual([['vscode', ['servers']]]);
  });
});
