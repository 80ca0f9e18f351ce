import { sql } from 'kysely';
import type { LogEvent } from '../core/learner/log-event.ts';
import { dayOf } from '../core/repeats.ts';
import type { Outcome } from '../core/types.ts';
import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';

/** An event and its place in the log. */
export interface PlacedEvent {
  readonly position: number;
  readonly event: LogEvent;
}

/** The tools behind the keys that events hold. Keys never change, so what is committed may be remembered for the life of the process. */
export class ToolNames {
  readonly #names = new Map<number, string>();
  readonly #lists = new Map<number, readonly string[]>();
  #newest = 0;

  /** The tools of a JSON array of keys, in its order. */
  named(tool_ids: string): readonly string[] {
    return (JSON.parse(tool_ids) as number[]).flatMap((id) => this.#names.get(id) ?? []);
  }

  list(list_id: number | null): readonly string[] | null {
    return list_id === null ? null : (this.#lists.get(list_id) ?? null);
  }

  /** Reads what these rows name and is not known yet. */
  async learn(trx: Trx, rows: readonly EventRow[]): Promise<void> {
    const lists = rows.flatMap(({ list_id }) => (list_id === null || this.#lists.has(list_id) ? [] : list_id));
    if (lists.length === 0 && rows.every((row) => row.kind !== 'episode')) return;
    for (const { tool_id, name } of await toolsAfter(trx, { tool_id: this.#newest })) {
      this.#names.set(tool_id, name);
      this.#newest = tool_id;
    }
    for (const list_id of new Set(lists)) {
      for (const { tool_ids } of await toolList(trx, { list_id })) this.#lists.set(list_id, this.named(tool_ids));
    }
  }
}

const toolsAfter = prepared((db, { tool_id }: { readonly tool_id: number }) =>
  db.selectFrom('tools').select(['tool_id', 'name']).where('tool_id', '>', tool_id).orderBy('tool_id'),
);

const toolList = prepared((db, { list_id }: { readonly list_id: number }) =>
  db.selectFrom('tool_lists').select('tool_ids').where('list_id', '=', list_id),
);

/** One row of any of the log's tables; what a kind does not have is null. */
interface EventRow {
  readonly kind: LogEvent['kind'];
  readonly position: number;
  /** Of the execution it is, or is about. */
  readonly seq: number | null;
  readonly session: string | null;
  readonly tool: string | null;
  /** A description, a query or an outcome. */
  readonly words: string | null;
  /** JSON. */
  readonly json: string | null;
  readonly success: number | null;
  readonly reward: number | null;
  readonly rating: number | null;
  readonly list_id: number | null;
  readonly time_ms: number | null;
  readonly at_ms: number | null;
  readonly confidence: number | null;
}

/**
 * The log after a position, merged by position along the indexes of its tables. Feedback has changed the rows of executions since they were
 * written: the first of it says what they were.
 */
const rowsAfter = prepared((db, page: { readonly position: number; readonly limit: number }) => ({
  compile: () =>
    sql<EventRow>`
SELECT 'registration' AS kind, r.log_position AS position, NULL AS seq, NULL AS session, t.name AS tool, r.description AS words,
  r.input_schema AS json, NULL AS success, NULL AS reward, NULL AS rating, NULL AS list_id, NULL AS time_ms, NULL AS at_ms, NULL AS confidence
FROM registrations AS r JOIN tools AS t ON t.tool_id = r.tool_id WHERE r.log_position > ${page.position}
UNION ALL
SELECT 'request', q.log_position, NULL, s.name, NULL, q.query, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM requests AS q JOIN sessions AS s ON s.session_id = q.session_id WHERE q.log_position > ${page.position}
UNION ALL
SELECT 'execution', e.log_position, e.log_position, s.name, t.name, q.query, NULL, e.success, coalesce(f.reward_before, e.reward),
  CASE WHEN f.feedback_seq IS NULL THEN e.user_rating ELSE f.rating_before END, e.list_id, e.execution_time_ms, e.created_at_ms, NULL
FROM executions AS e JOIN sessions AS s ON s.session_id = e.session_id JOIN tools AS t ON t.tool_id = e.tool_id
  LEFT JOIN requests AS q ON q.request_id = e.request_id
  LEFT JOIN feedback AS f ON f.feedback_seq = (SELECT min(first.feedback_seq) FROM feedback AS first WHERE first.execution_seq = e.seq)
WHERE e.log_position > ${page.position}
UNION ALL
SELECT 'rating', f.log_position, e.log_position, NULL, NULL, NULL, NULL, NULL, f.reward_after, f.rating, NULL, NULL, NULL, NULL
FROM feedback AS f JOIN executions AS e ON e.seq = f.execution_seq WHERE f.log_position > ${page.position}
UNION ALL
SELECT 'episode', p.log_position, NULL, s.name, NULL, p.outcome, p.tool_ids, NULL, p.episode_reward, NULL, NULL, NULL, NULL, p.confidence
FROM episodes AS p JOIN sessions AS s ON s.session_id = p.session_id WHERE p.log_position > ${page.position}
ORDER BY position LIMIT ${page.limit}`.compile(db),
}));

/**
 * The events of the log after a position, in their order and as they were when they were written: a late rating is an event of its own and
 * leaves the execution as it was. Requests without a session are left out.
 * @param limit events at most
 * @param names remembers tools from page to page; share one only among transactions that see committed rows alone
 */
export async function eventsAfter(
  trx: Trx,
  position: number,
  limit: number,
  names: ToolNames = new ToolNames(),
): Promise<readonly PlacedEvent[]> {
  const rows = await rowsAfter(trx, { position, limit });
  await names.learn(trx, rows);
  return rows.map((row) => ({ position: row.position, event: eventOf(row, names) }));
}

function eventOf(row: EventRow, names: ToolNames): LogEvent {
  const { kind, session, tool, words, reward, rating } = row;
  switch (kind) {
    case 'registration':
      return { kind, tool: tool ?? '', description: words, input_schema: row.json === null ? null : JSON.parse(row.json) };
    case 'request':
      return { kind, session: session ?? '', query: words ?? '' };
    case 'execution':
      return executionOf(row, names);
    case 'rating':
      return { kind, seq: row.seq ?? 0, rating: rating ?? 0, reward: reward ?? 0 };
    case 'episode':
      return {
        kind,
        session: session ?? '',
        outcome: words as Outcome,
        reward: reward ?? 0,
        tools: names.named(row.json ?? '[]'),
        confidence: row.confidence ?? 1,
      };
  }
}

function executionOf(
  { seq, session, tool, success, reward, rating, words, list_id, time_ms, at_ms }: EventRow,
  names: ToolNames,
): LogEvent {
  return {
    kind: 'execution',
    seq: seq ?? 0,
    session: session ?? '',
    tool: tool ?? '',
    success: success === 1,
    reward: reward ?? 0,
    rating,
    query: words,
    available: names.list(list_id),
    time_ms,
    day: dayOf(at_ms ?? 0),
  };
}
