import type { Client } from './clients.ts';
import type { FileChange } from './file-change.ts';
import { JSON_TEXT } from './json-text.ts';
import { type Entry, startsToolwise } from './launch.ts';
import type { ConfigFormat, ConfigPath } from './problem.ts';
import { TOML_TEXT } from './toml-text.ts';

export function formatOf({ format }: Client): ConfigFormat {
  return format === 'toml' ? TOML_TEXT : JSON_TEXT;
}

/** Adds the server to the client's file, or changes how it is started there; what else a person wrote into the entry stays. */
export function entryChange(client: Client, file: string, name: string, entry: Entry): FileChange {
  const format = formatOf(client);
  const path: ConfigPath = [...client.servers, name];
  return {
    file,
    what: `the server "${name}"`,
    state(text) {
      const there = format.valueAt(text, path);
      if (there === undefined) return 'absent';
      return startsToolwise(there) ? 'ours' : 'foreign';
    },
    put(text) {
      if (!startsToolwise(format.valueAt(text, path))) return format.setValue(text, path, entry);
      return Object.entries(entry).reduce((changed, [field, value]) => format.setValue(changed, [...path, field], value), text);
    },
    remove: (text) => format.removeValue(text, path),
    copy: (from, to) => format.setValue(to, path, format.valueAt(from, path)),
  };
}

/** What the file holds under the name. @throws ConfigProblem when it cannot be read */
export function entryIn(client: Client, text: string, name: string): unknown {
  return formatOf(client).valueAt(text, [...client.servers, name]);
}

/** The entry alone, as a file of its own. */
export function snippet(client: Client, name: string, entry: Entry): string {
  return formatOf(client).setValue('', [...client.servers, name], entry);
}
