import { readFileSync } from 'node:fs';

/** A payload of test/fixtures/<folder>/, with other values for some fields. */
export function payload(folder: 'claude-hook' | 'cursor-hook', name: string, changes: Readonly<Record<string, unknown>> = {}): unknown {
  const text = readFileSync(new URL(`../../fixtures/${folder}/${name}.json`, import.meta.url), 'utf8');
  return { ...(JSON.parse(text) as Record<string, unknown>), ...changes };
}
