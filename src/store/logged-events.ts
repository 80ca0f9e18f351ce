import type { Outcome } from '../core/types.ts';
import type { Trx } from './database.ts';
import { entryNames } from './entry-names.ts';
import type { PlacedEntry } from './log-entries.ts';

/** Part of the log: after the first position, up to and with the second. */
export interface Stretch {
  readonly after: number;
  readonly to: number;
}

/** The events in this part of the log, in their order and as they were recorded. Requests are parts of what was asked or called for them. */
export async function loggedEvents(trx: Trx, part: Stretch): Promise<PlacedEntry[]> {
  const events = [
    ...(await registrations(trx, part)),
    ...(await executions(trx, part)),
    ...(await feedback(trx, part)),
    ...(await episodes(trx, part)),
  ];
  return events.sort((a, b) => a.position - b.position);
}

async function registrations(trx: Trx, { after, to }: Stretch): Promise<PlacedEntry[]> {
  const rows = await trx
    .selectFrom('registrations as r')
    .innerJoin('tools as t', 't.tool_id', 'r.tool_id')
    .select(['r.log_position', 'r.created_at_ms', 't.name', 'r.description', 'r.input_schema'])
    .where('r.log_position', '>', after)
    .where('r.log_position', '<=', to)
    .execute();
  return rows.map(({ log_position, created_at_ms, name, description, input_schema }) => ({
    position: log_position,
    entry: { kind: 'registration', at_ms: created_at_ms, tool_name: name, description, input_schema },
  }));
}

async function executions(trx: Trx, { after, to }: Stretch): Promise<PlacedEntry[]> {
  const rows = await executionRows(trx).where('e.log_position', '>', after).where('e.log_position', '<=', to).execute();
  const names = await entryNames(trx, { list_ids: rows.map((row) => row.list_id), tool_ids: [] });
  return rows.map((row) => ({
    position: row.log_position,
    entry: {
      kind: 'execution',
      at_ms: row.created_at_ms,
      settings_id: row.settings_id,
      execution_id: row.execution_id,
      session_id: row.session_name,
      tool_name: row.tool_name,
      success: row.success === 1,
      execution_time_ms: row.execution_time_ms,
      user_rating: row.feedback_seq === null ? row.user_rating : row.rating_before,
      query: row.query,
      arguments: row.arguments,
      result: row.result,
      error_message: row.error_message,
      available_tools: names.ofList(row.list_id),
      is_terminal: row.next_context_id === null,
      recommendation_id: row.recommendation_id,
    },
  }));
}

/** Executions with their names, and the first of the feedback that has changed them since. */
function executionRows(trx: Trx) {
  return trx
    .selectFrom('executions as e')
    .innerJoin('sessions as s', 's.session_id', 'e.session_id')
    .innerJoin('tools as t', 't.tool_id', 'e.tool_id')
    .leftJoin('requests as q', 'q.request_id', 'e.request_id')
    .leftJoin('feedback as f', (join) =>
      join.on('f.feedback_seq', '=', (eb) =>
        eb
          .selectFrom('feedback as first')
          .select((of) => of.fn.min('first.feedback_seq').as('feedback_seq'))
          .whereRef('first.execution_seq', '=', 'e.seq'),
      ),
    )
    .select(['e.log_position', 'e.created_at_ms', 'e.settings_id', 'e.execution_id', 'e.success', 'e.execution_time_ms', 'e.user_rating'])
    .select(['e.arguments', 'e.result', 'e.error_message', 'e.list_id', 'e.next_context_id', 'e.recommendation_id', 'q.query'])
    .select(['f.feedback_seq', 'f.rating_before', 's.name as session_name', 't.name as tool_name']);
}

async function feedback(trx: Trx, { after, to }: Stretch): Promise<PlacedEntry[]> {
  const rows = await trx
    .selectFrom('feedback as f')
    .innerJoin('executions as e', 'e.seq', 'f.execution_seq')
    .innerJoin('sessions as s', 's.session_id', 'e.session_id')
    .select(['f.log_position', 'f.created_at_ms', 'f.settings_id', 'e.execution_id', 'f.rating', 'f.words', 's.name as session_name'])
    .where('f.log_position', '>', after)
    .where('f.log_position', '<=', to)
    .execute();
  return rows.map(({ log_position, created_at_ms, settings_id, execution_id, rating, words, session_name }) => ({
    position: log_position,
    entry: { kind: 'feedback', at_ms: created_at_ms, settings_id, execution_id, session_id: session_name, rating, feedback: words },
  }));
}

async function episodes(trx: Trx, { after, to }: Stretch): Promise<PlacedEntry[]> {
  const rows = await trx
    .selectFrom('episodes as p')
    .innerJoin('sessions as s', 's.session_id', 'p.session_id')
    .select([
      'p.log_position',
      'p.created_at_ms',
      'p.settings_id',
      'p.episode_id',
      'p.outcome',
      'p.tool_ids',
      'p.episode_reward',
      'p.confidence',
    ])
    .select(['p.reward_given', 's.name as session_name'])
    .where('p.log_position', '>', after)
    .where('p.log_position', '<=', to)
    .execute();
  const names = await entryNames(trx, { list_ids: [], tool_ids: rows.map((row) => row.tool_ids) });
  return rows.map((row) => ({
    position: row.log_position,
    entry: {
      kind: 'episode',
      at_ms: row.created_at_ms,
      settings_id: row.settings_id,
      episode_id: row.episode_id,
      session_id: row.session_name,
      outcome: row.outcome as Outcome,
      confidence: row.confidence,
      tool_sequence: names.ofJson(row.tool_ids),
      episode_reward: row.episode_reward,
      reward_given: row.reward_given !== 0,
    },
  }));
}
