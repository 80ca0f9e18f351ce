import { hash } from 'node:crypto';
import type { Trx } from '../store/database.ts';
import { internToolList } from '../store/tool-lists.ts';
import { findToolsByName, insertTool } from '../store/tools.ts';

const LISTS_KEPT = 64;

export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** Names of tools as short keys. Keys never change, so what is committed may be remembered for the life of the process. */
export class ToolCatalogue {
  readonly #ids = new Map<string, number>();
  readonly #lists = new Map<string, number>();

  /** The keys of these tools, in order; tools never seen before get a row. */
  async ids(trx: Trx, names: readonly string[]): Promise<number[]> {
    const unknown = [...new Set(names)].filter((name) => !this.#ids.has(name));
    for (const tool of await findToolsByName(trx, unknown)) this.#ids.set(tool.name, tool.tool_id);
    for (const name of unknown) {
      if (!this.#ids.has(name)) this.#ids.set(name, await insertTool(trx, name));
    }
    return names.flatMap((name) => this.#ids.get(name) ?? []);
  }

  /** The key of a list of available tools, in the caller's order. */
  async listId(trx: Trx, names: readonly string[]): Promise<number> {
    const key = names.join('\n');
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const ids = await this.ids(trx, names);
    const list_id = await internToolList(trx, ids, sha256(JSON.stringify(ids)));
    if (this.#lists.size >= LISTS_KEPT) this.#lists.clear();
    this.#lists.set(key, list_id);
    return list_id;
  }

  /** After a rollback: keys made in the failed transaction do not exist. */
  clear(): void {
    this.#ids.clear();
    this.#lists.clear();
  }
}
