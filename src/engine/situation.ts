import { CONTEXT_LEVELS, type ContextLevel, contextId, encodeContexts, type State } from '../core/context.ts';
import type { Decision } from '../core/learner/log-event.ts';
import type { Cell, Situation, ToolEvidence } from '../core/rankers/evidence.ts';
import { trust } from '../core/repeats.ts';
import { type ActionValue, actionValuesIn } from '../store/action-values.ts';
import type { Trx } from '../store/database.ts';
import { findSession, type SessionCursor } from '../store/sessions.ts';
import { findToolsByName, listKnownTools, type ToolRecord } from '../store/tools.ts';
import type { Engine } from './engine.ts';
import { sha256 } from './tool-catalogue.ts';

/** What an agent may tell about where it stands. What is absent comes from what its session recorded. */
export interface StateInput {
  readonly query?: string | undefined;
  readonly session_id?: string | undefined;
  readonly previous_tool?: string | undefined;
  readonly recent_tools?: readonly string[] | undefined;
  readonly session_length?: number | undefined;
  readonly available_tools?: readonly string[] | undefined;
}

export type ContextHashes = Readonly<Record<ContextLevel, string>>;

/** All that is known about a decision before it is made. */
export interface Assessment {
  readonly session: SessionCursor | undefined;
  readonly state: State;
  readonly hashes: ContextHashes;
  readonly tools: readonly string[];
  readonly situation: Situation;
  /** What the tools have done; those never heard of are missing. */
  readonly records: ReadonlyMap<string, ToolRecord>;
  /** select_tool draws of each tool in the request's context, and of all. */
  readonly selections: ReadonlyMap<string, number>;
  readonly selection_count: number;
}

/** The state of a session, where what the caller says wins over what was recorded. */
export function stateOf(input: StateInput, session: SessionCursor | undefined): State {
  return {
    query: input.query ?? session?.query ?? '',
    previous_tool: input.previous_tool ?? input.recent_tools?.at(-1) ?? session?.previous_tool ?? null,
    session_length: input.session_length ?? input.recent_tools?.length ?? session?.step_count ?? 0,
  };
}

export function hashesOf(engine: Engine, state: State): ContextHashes {
  return encodeContexts(state, engine.settings.domain_keywords, sha256);
}

/**
 * Reads the evidence for every candidate: three queries, whatever the number of tools.
 * @param levels the contexts whose cells are wanted; the others' are null
 */
export async function assess(
  engine: Engine,
  trx: Trx,
  input: StateInput,
  levels: readonly ContextLevel[] = CONTEXT_LEVELS,
): Promise<Assessment> {
  const session = input.session_id === undefined ? undefined : await findSession(trx, input.session_id);
  const state = stateOf(input, session);
  const hashes = hashesOf(engine, state);
  const records = input.available_tools === undefined ? await listKnownTools(trx) : await findToolsByName(trx, input.available_tools);
  const tools = input.available_tools === undefined ? records.map((record) => record.name) : [...new Set(input.available_tools)];
  const ids = {
    exact: contextId(hashes.exact),
    step: contextId(hashes.step),
    request: contextId(hashes.request),
    previous: contextId(hashes.previous),
  };
  const rows = levels.length === 0 ? [] : await actionValuesIn(trx, [...new Set(levels.map((level) => ids[level]))]);
  const byName = new Map(records.map((record) => [record.name, record]));
  const cells = cellsByTool(rows);
  return {
    session,
    state,
    hashes,
    tools,
    situation: { tools: tools.map((name) => evidence(name, byName.get(name), cells, ids)) },
    records: byName,
    selections: selectionsByName(records, cells, ids.request),
    selection_count: rows.reduce((sum, row) => sum + row.selection_count, 0),
  };
}

/** The same decision as the learner sees it: what its session recorded stands there too, and stays when the learner has forgotten it. */
export function decisionOf(input: StateInput, { session, state, tools }: Assessment): Decision {
  const { previous_tool } = state;
  return {
    query: input.query ?? session?.query ?? null,
    session: input.session_id ?? null,
    available: tools,
    ...(input.recent_tools === undefined ? {} : { recent_tools: input.recent_tools }),
    ...(previous_tool === null ? {} : { previous_tool }),
  };
}

type CellsByTool = ReadonlyMap<number, ReadonlyMap<number, TrustedValue>>;

interface TrustedValue extends ActionValue {
  /** In [0, 1]: what its visits count beside those of tools that more sessions called here. */
  readonly trust: number;
}

function cellsByTool(rows: readonly ActionValue[]): CellsByTool {
  const cells = new Map<number, Map<number, TrustedValue>>();
  const most = new Map<number, number>();
  for (const { context_id, session_count } of rows) most.set(context_id, Math.max(most.get(context_id) ?? 0, session_count));
  for (const row of rows) {
    const ofTool = cells.get(row.tool_id) ?? new Map<number, TrustedValue>();
    cells.set(row.tool_id, ofTool.set(row.context_id, { ...row, trust: trust(row.session_count, most.get(row.context_id) ?? 0) }));
  }
  return cells;
}

/** What rankings rest on: counts by weight, so that what one session repeats does not add up. */
function evidence(tool_name: string, record: ToolRecord | undefined, cells: CellsByTool, ids: Record<ContextLevel, number>): ToolEvidence {
  const ofTool = record === undefined ? undefined : cells.get(record.tool_id);
  const cell = (level: ContextLevel): Cell | null => {
    const row = ofTool?.get(ids[level]);
    return row === undefined || row.weight <= 0
      ? null
      : { q_value: row.q_value, success_rate: row.success_rate, visit_count: row.trust * row.weight };
  };
  return {
    tool_name,
    total_calls: record?.weighted_calls ?? 0,
    success_count: record?.weighted_successes ?? 0,
    rated_calls: record?.weighted_rated_calls ?? 0,
    rating_sum: record?.weighted_rating_sum ?? 0,
    timed_calls: record?.weighted_timed_calls ?? 0,
    total_time_ms: record?.weighted_time_ms ?? 0,
    exact: cell('exact'),
    step: cell('step'),
    request: cell('request'),
    previous: cell('previous'),
  };
}

function selectionsByName(records: readonly ToolRecord[], cells: CellsByTool, request_id: number): Map<string, number> {
  return new Map(records.map((record) => [record.name, cells.get(record.tool_id)?.get(request_id)?.selection_count ?? 0]));
}
