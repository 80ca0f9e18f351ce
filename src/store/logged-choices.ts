import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';
import { readUsage } from './pruning.ts';
import { toolListsById } from './tool-lists.ts';
import { toolNamesById } from './tools.ts';

/** A tool that `select_tool` drew and that was then called. */
export interface LoggedChoice {
  /** The call's place in the log. */
  readonly position: number;
  /** Probability of the drawn tool when it was drawn, in (0, 1]. */
  readonly propensity: number;
  /** Names, in the caller's order. */
  readonly candidates: readonly string[];
}

const drawsBetween = prepared((db, values: { readonly after: number; readonly to: number }) =>
  db
    .selectFrom('executions as e')
    .innerJoin('recommendations as r', 'r.recommendation_id', 'e.recommendation_id')
    .select(['e.log_position as position', 'r.propensity', 'r.list_id'])
    .where('e.log_position', '>', values.after)
    .where('e.log_position', '<=', values.to)
    .where('e.recommended_rank', '=', 1)
    .where('r.propensity', '>', 0)
    .whereRef('r.execution_seq', '=', 'e.seq'),
);

/** The draws that the executions of this part of the log are the first to follow. @param after not included @param to included */
export async function choicesBetween(trx: Trx, after: number, to: number): Promise<LoggedChoice[]> {
  const rows = await drawsBetween(trx, { after, to });
  const lists = await toolListsById(trx, [...new Set(rows.flatMap((row) => row.list_id ?? []))]);
  const names = await toolNamesById(trx, [...new Set([...lists.values()].flat())]);
  return rows.map((row) => ({
    position: row.position,
    propensity: row.propensity ?? 1,
    candidates: (lists.get(row.list_id ?? 0) ?? []).flatMap((id) => names.get(id) ?? []),
  }));
}

/** Where the latest `count` executions of the log begin. */
export interface LogWindow {
  /** Place in the log just before the first of them; 0: at the start of the log. */
  readonly position: number;
  readonly last_position: number;
  readonly executions: number;
}

/** The latest `count` executions, or all that retention has left: then from the start of the log on. */
export async function latestWindow(trx: Trx, count: number): Promise<LogWindow> {
  const counters = await trx.selectFrom('learner').select('log_position').executeTakeFirst();
  const { executions: kept } = await readUsage(trx);
  const first = await trx
    .selectFrom('executions')
    .select('log_position')
    .orderBy('seq', 'desc')
    .limit(1)
    .offset(count - 1)
    .executeTakeFirst();
  const is_whole = first === undefined || kept <= count;
  return { position: is_whole ? 0 : first.log_position - 1, last_position: counters?.log_position ?? 0, executions: Math.min(kept, count) };
}

/** A tool as it was registered last by some place in the log. */
export interface RegisteredTool {
  readonly tool: string;
  readonly description: string | null;
  /** JSON. */
  readonly input_schema: string | null;
}

export async function registrationsUpTo(trx: Trx, position: number): Promise<RegisteredTool[]> {
  return await trx
    .selectFrom('registrations as r')
    .innerJoin('tools as t', 't.tool_id', 'r.tool_id')
    .select(['t.name as tool', 'r.description', 'r.input_schema'])
    .where('r.registration_id', 'in', (eb) =>
      eb
        .selectFrom('registrations as latest')
        .select((of) => of.fn.max('latest.registration_id').as('registration_id'))
        .where('latest.log_position', '<=', position)
        .groupBy('latest.tool_id'),
    )
    .orderBy('r.registration_id')
    .execute();
}
