import type { Command } from '../command.ts';

/** Puts toolwise into the configuration of MCP clients. */
export const setupCommand: Command = {
  name: 'setup',
  about: 'put toolwise into the configuration of an MCP client',
  details:
    'Shows the change, backs the file up, writes, starts the server from what was written, and says how to undo it. Clients: claude-desktop,\n' +
    'claude-code, cursor, vscode, codex, windsurf, zed. At a terminal it asks before it writes; elsewhere naming a client is enough. Settings\n' +
    'given as flags are written into the entry.',
  arguments: [{ name: '[client]', about: 'which client; without it: which are found here' }],
  options: [
    { flag: '--print', about: 'only print the entry, change nothing' },
    { flag: '--undo', about: 'take toolwise out again; what others changed since stays' },
    { flag: '--project', about: 'the file of the project in this folder instead of your own' },
    { flag: '--with-hooks', about: 'also the hooks that record calls by themselves (claude-code, cursor)' },
    { flag: '--name <name>', about: 'name of the server in the client (default: toolwise)' },
    { flag: '--force', about: 'replace another server of that name' },
    { flag: '--yes', about: 'do not ask' },
  ],
  async run(call) {
    const { runSetup } = await import('../setup/run-setup.ts');
    return await runSetup(call);
  },
};
