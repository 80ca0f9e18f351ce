import { print } from '../output.ts';
import type { Configuration } from '../settings/resolve.ts';
import { colourful, PLAIN, type Style } from '../table.ts';
import { readStatus } from './read-status.ts';
import { statusText } from './status-text.ts';

/** Prints what has been learned: tables for a person, or JSON. */
export async function status(configuration: Configuration, { json }: { readonly json: boolean }): Promise<void> {
  const learned = await readStatus(configuration);
  if (json) print(JSON.stringify(learned, null, 2));
  else print(statusText(configuration.file, learned, style()));
}

function style(): Style {
  return process.env['NO_COLOR'] === undefined && process.stdout.isTTY ? colourful(true) : PLAIN;
}
