import { posix, win32 } from 'node:path';
import type { Surroundings } from '../settings/paths.ts';
import type { ConfigPath } from './problem.ts';

/** An MCP client: where its configuration is and how an entry in it looks. Sources of each line: docs/clients.md. */
export interface Client {
  /** As it is given on the command line. */
  readonly name: string;
  readonly title: string;
  readonly format: 'json' | 'jsonc' | 'toml';
  /** The names that lead to the servers. */
  readonly servers: ConfigPath;
  /** Whether an entry says `"type": "stdio"`. */
  readonly typed: boolean;
  /** The user's file. */
  userFile(surroundings: Surroundings): string;
  /** The file inside a project, with `/`; null: the client has none. */
  readonly project_file: string | null;
  /** Files and folders of which one is there when the client is. */
  traces(surroundings: Surroundings): readonly string[];
  /** What a person does so that the client sees the change. */
  readonly pick_up: string;
}

const claudeDesktop: Client = {
  name: 'claude-desktop',
  title: 'Claude Desktop',
  format: 'json',
  servers: ['mcpServers'],
  typed: false,
  userFile: (at) => inFolder(at, applicationData(at), 'Claude', 'claude_desktop_config.json'),
  project_file: null,
  traces: (at) => [inFolder(at, applicationData(at), 'Claude')],
  pick_up: 'Quit Claude Desktop (closing its window is not enough) and start it again.',
};

const claudeCode: Client = {
  name: 'claude-code',
  title: 'Claude Code',
  format: 'json',
  servers: ['mcpServers'],
  typed: false,
  // With CLAUDE_CONFIG_DIR the file moves into that folder; without it, it lies beside ~/.claude.
  userFile: (at) => inFolder(at, at.env['CLAUDE_CONFIG_DIR'] || at.home, '.claude.json'),
  project_file: '.mcp.json',
  traces: (at) => [inFolder(at, at.env['CLAUDE_CONFIG_DIR'] || at.home, '.claude.json'), claudeFolder(at)],
  pick_up: 'Start Claude Code anew; /mcp lists the server. A file of a project has to be approved there once.',
};

const cursor: Client = {
  name: 'cursor',
  title: 'Cursor',
  format: 'jsonc',
  servers: ['mcpServers'],
  typed: false,
  userFile: (at) => inFolder(at, at.home, '.cursor', 'mcp.json'),
  project_file: '.cursor/mcp.json',
  traces: (at) => [inFolder(at, at.home, '.cursor')],
  pick_up: 'Restart Cursor, or switch the server on in its MCP settings.',
};

const vscode: Client = {
  name: 'vscode',
  title: 'VS Code',
  format: 'jsonc',
  servers: ['servers'],
  typed: true,
  userFile: (at) => inFolder(at, applicationData(at), 'Code', 'User', 'mcp.json'),
  project_file: '.vscode/mcp.json',
  traces: (at) => [inFolder(at, applicationData(at), 'Code')],
  pick_up: 'Run "MCP: List Servers" in VS Code and start toolwise; it asks once whether you trust it.',
};

const codex: Client = {
  name: 'codex',
  title: 'Codex',
  format: 'toml',
  servers: ['mcp_servers'],
  typed: false,
  userFile: (at) => inFolder(at, codexFolder(at), 'config.toml'),
  project_file: '.codex/config.toml',
  traces: (at) => [codexFolder(at)],
  pick_up: 'Start Codex anew; /mcp lists the server. A file of a project counts once the project is trusted.',
};

const windsurf: Client = {
  name: 'windsurf',
  title: 'Windsurf',
  format: 'jsonc',
  servers: ['mcpServers'],
  typed: false,
  userFile: (at) => inFolder(at, at.home, '.codeium', 'windsurf', 'mcp_config.json'),
  project_file: null,
  traces: (at) => [inFolder(at, at.home, '.codeium', 'windsurf')],
  pick_up: 'Press Refresh in the MCP settings of Windsurf, or restart it.',
};

const zed: Client = {
  name: 'zed',
  title: 'Zed',
  format: 'jsonc',
  servers: ['context_servers'],
  typed: false,
  userFile: (at) => inFolder(at, zedFolder(at), 'settings.json'),
  project_file: null,
  traces: (at) => [zedFolder(at)],
  pick_up: 'Nothing: Zed reads its settings when they change. The settings of its agent panel show whether the server runs.',
};

export const CLIENTS: readonly Client[] = [claudeDesktop, claudeCode, cursor, vscode, codex, windsurf, zed];

/** The folder of Claude Code's settings, hooks among them. */
export function claudeFolder(at: Surroundings): string {
  return at.env['CLAUDE_CONFIG_DIR'] || inFolder(at, at.home, '.claude');
}

/** Joined as the platform does. */
export function inFolder({ platform }: Surroundings, folder: string, ...names: readonly string[]): string {
  return (platform === 'win32' ? win32 : posix).join(folder, ...names);
}

/** Where programs with a window keep a user's settings. */
function applicationData(at: Surroundings): string {
  if (at.platform === 'win32') return at.env['APPDATA'] || win32.join(at.home, 'AppData', 'Roaming');
  return at.platform === 'darwin' ? posix.join(at.home, 'Library', 'Application Support') : xdgConfig(at);
}

function xdgConfig({ env, home }: Surroundings): string {
  const given = env['XDG_CONFIG_HOME'];
  // The XDG specification: a relative path is to be ignored.
  return given !== undefined && posix.isAbsolute(given) ? given : posix.join(home, '.config');
}

function codexFolder(at: Surroundings): string {
  return at.env['CODEX_HOME'] || inFolder(at, at.home, '.codex');
}

function zedFolder(at: Surroundings): string {
  if (at.platform === 'win32') return win32.join(applicationData(at), 'Zed');
  return at.platform === 'darwin' ? posix.join(at.home, '.config', 'zed') : posix.join(xdgConfig(at), 'zed');
}
