import { existsSync } from 'node:fs';
import type { Surroundings } from '../settings/paths.ts';
import { type Column, type Style, table } from '../table.ts';
import type { Detected } from './ask.ts';
import { CLIENTS } from './clients.ts';
import { readConfig } from './config-file.ts';
import { entryIn } from './entry-change.ts';
import { ConfigProblem } from './problem.ts';

/** Which clients there are traces of. */
export function detectClients(surroundings: Surroundings, name: string): readonly Detected[] {
  return CLIENTS.map((client) => {
    const file = client.userFile(surroundings);
    const is_installed = client.traces(surroundings).some((path) => existsSync(path));
    const is_set_up = is_installed && holds(() => entryIn(client, readConfig(file, 0).text, name));
    return { client, file, is_installed, is_set_up };
  });
}

/** A broken file is told when its client is set up. */
function holds(read: () => unknown): boolean {
  try {
    return read() !== undefined;
  } catch (error) {
    if (error instanceof ConfigProblem) return false;
    throw error;
  }
}

/** @param command what is typed to set a client up, without its name */
export function detectedText(detected: readonly Detected[], command: string, style: Style): string {
  const columns: readonly Column<Detected>[] = [
    { title: 'client', align: 'left', cell: ({ client }) => client.title },
    { title: 'found', align: 'left', cell: ({ is_installed }) => (is_installed ? 'yes' : 'no') },
    { title: 'toolwise', align: 'left', cell: ({ is_set_up }) => (is_set_up ? 'there' : '-') },
    { title: 'to set it up', align: 'left', cell: ({ client }) => `${command} ${client.name}` },
  ];
  return table(columns, detected, style);
}
