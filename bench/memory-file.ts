import { existsSync, readFileSync } from 'node:fs';

/** The names of the entities in server-memory's file, as far as its lines can still be read. */
export function keptEntities(file: string): Set<string> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Set(lines.flatMap(entityName));
}

function entityName(line: string): string[] {
  try {
    const { type, name } = JSON.parse(line) as { readonly type?: unknown; readonly name?: unknown };
    return type === 'entity' && typeof name === 'string' ? [name] : [];
  } catch {
    return []; // an empty line, or one that was cut or written into by another process
  }
}
