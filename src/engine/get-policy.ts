import { valueConfidence } from '../core/q-learning.ts';
import { pageOfPolicy } from '../store/action-values.ts';
import type { Engine } from './engine.ts';
import { isoTime, offset, type PageInput, pageOf, shown } from './paging.ts';

export interface PolicyEntry {
  readonly tool_name: string;
  readonly context_hash: string;
  readonly q_value: number;
  readonly visit_count: number;
  /** logistic(q_value / 3), in [0, 1]. */
  readonly confidence: number;
  readonly last_updated: string;
}

export interface PolicyOutput {
  readonly policies: readonly PolicyEntry[];
  readonly next_cursor: string | null;
}

/** The learned Q-table, greatest value first. */
export async function getPolicy(
  engine: Engine,
  input: PageInput & { readonly tool_name?: string | undefined; readonly context_hash?: string | undefined },
): Promise<PolicyOutput> {
  const page = pageOf('policy', input);
  const { tool_name, context_hash } = input;
  const rows = await engine.read((trx) => pageOfPolicy(trx, { limit: page.limit + 1, offset: page.after ?? 0, tool_name, context_hash }));
  const { items, next_cursor } = shown(page, rows, offset(page));
  const policies = items.map(({ updated_at_ms, ...row }) => ({
    ...row,
    confidence: valueConfidence(row.q_value),
    last_updated: isoTime(updated_at_ms),
  }));
  return { policies, next_cursor };
}
