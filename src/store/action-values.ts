import { type RawBuilder, sql } from 'kysely';
import type { Trx } from './database.ts';
import { onlyRow, prepared } from './prepared.ts';
import type { ActionValueTable } from './tables.ts';

/** One (context, tool) row: q_value is a discounted return at the exact level, a mean reward in coarser contexts. */
export type ActionValue = ActionValueTable;

export interface ActionKey {
  readonly context_id: number;
  readonly tool_id: number;
}

const valuesIn = prepared((db, values: { readonly context_ids: readonly number[] }) =>
  db.selectFrom('action_values').selectAll().where('context_id', 'in', values.context_ids),
);

export async function actionValuesIn(trx: Trx, context_ids: readonly number[]): Promise<ActionValue[]> {
  return await valuesIn(trx, { context_ids });
}

/** A step of the exact level and what its row begins with. */
interface ValueStep extends ActionKey {
  readonly first_value: number;
  readonly target: number;
  readonly alpha: number;
  readonly success: number;
  readonly success_step: number;
  readonly weight: number;
  readonly new_sessions: number;
  readonly at_ms: number;
}

const stepValue = prepared((db, step: ValueStep) =>
  db
    .insertInto('action_values')
    .values({
      context_id: step.context_id,
      tool_id: step.tool_id,
      q_value: step.first_value,
      success_rate: step.success,
      visit_count: 1,
      selection_count: 0,
      updated_at_ms: step.at_ms,
      weight: step.weight,
      session_count: step.new_sessions,
    })
    .onConflict((conflict) =>
      conflict.columns(['context_id', 'tool_id']).doUpdateSet((eb) => ({
        q_value: sql<number>`action_values.q_value + ${step.alpha} * (${step.target} - action_values.q_value)`,
        success_rate: towards('success_rate', step.success, step.success_step),
        visit_count: eb('action_values.visit_count', '+', 1),
        updated_at_ms: step.at_ms,
        weight: eb('action_values.weight', '+', eb.ref('excluded.weight')),
        session_count: eb('action_values.session_count', '+', eb.ref('excluded.session_count')),
      })),
    )
    .returning(['q_value', 'visit_count']),
);

/**
 * Q(s,a) ← Q(s,a) + alpha (target − Q(s,a)), one more visit; a new row starts from 0. One statement, so that no process can lose
 * another's update.
 * @param update weight: of the visit, in [0, 1]; alpha has it already, the mean success takes it; new_sessions: 1 where its session has not
 *   taught this today
 */
export async function learnValue(
  trx: Trx,
  update: ActionKey & {
    readonly target: number;
    readonly alpha: number;
    readonly success: 0 | 1;
    readonly success_step: number;
    readonly weight: number;
    readonly new_sessions: 0 | 1;
    readonly at_ms: number;
  },
): Promise<Pick<ActionValue, 'q_value' | 'visit_count'>> {
  return onlyRow(await stepValue(trx, { ...update, first_value: update.alpha * update.target }));
}

/** A step of the coarser levels. */
interface MeanStep {
  readonly cells: readonly { readonly context_id: number; readonly weight: number; readonly new_sessions: number }[];
  readonly tool_id: number;
  readonly reward: number;
  readonly success: number;
  readonly floor: number;
  readonly at_ms: number;
}

const stepMeans = prepared((db, step: MeanStep) =>
  db
    .insertInto('action_values')
    .values(
      step.cells.map(({ context_id, weight, new_sessions }) => ({
        context_id,
        tool_id: step.tool_id,
        q_value: step.reward,
        success_rate: step.success,
        visit_count: 1,
        selection_count: 0,
        updated_at_ms: step.at_ms,
        weight,
        session_count: new_sessions,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['context_id', 'tool_id']).doUpdateSet((eb) => ({
        q_value: towards('q_value', step.reward, step.floor),
        success_rate: towards('success_rate', step.success, step.floor),
        visit_count: eb('action_values.visit_count', '+', 1),
        updated_at_ms: step.at_ms,
        weight: eb('action_values.weight', '+', eb.ref('excluded.weight')),
        session_count: eb('action_values.session_count', '+', eb.ref('excluded.session_count')),
      })),
    )
    .returning(['context_id', 'visit_count']),
);

/** Mean reward and success of the tool in each of the coarser contexts: step size w·max(floor, 1/W), w the visit's weight there. One statement. */
export async function learnMeans(trx: Trx, update: MeanStep): Promise<Map<number, number>> {
  const rows = await stepMeans(trx, update);
  return new Map(rows.map((row) => [row.context_id, row.visit_count]));
}

/** A step of w·max(floor, 1/(W+w)) from the stored mean, of weight W, towards the sample; a row without visits takes the sample. */
function towards(column: 'q_value' | 'success_rate', sample: number, floor: number): RawBuilder<number> {
  const mean = sql.ref<number>(`action_values.${column}`);
  const weight = sql.ref<number>('excluded.weight');
  return sql<number>`${mean} + (${sample} - ${mean}) * (CASE WHEN ${weight} <= 0 THEN 0.0
    WHEN (action_values.weight + ${weight}) * ${floor} > 1.0 THEN ${weight} * ${floor} ELSE ${weight} / (action_values.weight + ${weight}) END)`;
}

const shiftValue = prepared((db, shift: ActionKey & { readonly shift: number; readonly at_ms: number }) =>
  db
    .updateTable('action_values')
    .set((eb) => ({ q_value: eb('q_value', '+', shift.shift), updated_at_ms: shift.at_ms }))
    .where('context_id', '=', shift.context_id)
    .where('tool_id', '=', shift.tool_id),
);

/** Adds a difference to the values of some rows: replay and late ratings, which are no visits. */
export async function shiftValues(trx: Trx, shifts: readonly (ActionKey & { readonly shift: number })[], at_ms: number): Promise<void> {
  for (const shift of shifts) await shiftValue(trx, { ...shift, at_ms });
}

/** One more draw of the tool by select_tool in this context. */
export async function countSelectionOf(trx: Trx, key: ActionKey, at_ms: number): Promise<void> {
  await trx
    .insertInto('action_values')
    .values({ ...key, q_value: 0, success_rate: 0, visit_count: 0, selection_count: 1, updated_at_ms: at_ms, weight: 0, session_count: 0 })
    .onConflict((conflict) =>
      conflict.columns(['context_id', 'tool_id']).doUpdateSet((eb) => ({ selection_count: eb('action_values.selection_count', '+', 1) })),
    )
    .execute();
}

export interface PolicyRow {
  readonly tool_name: string;
  readonly context_hash: string;
  readonly q_value: number;
  readonly visit_count: number;
  readonly updated_at_ms: number;
}

/** Learned exact-context values by falling value. */
export async function pageOfPolicy(
  trx: Trx,
  page: {
    readonly tool_name: string | undefined;
    readonly context_hash: string | undefined;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<PolicyRow[]> {
  return await trx
    .selectFrom('action_values as v')
    .innerJoin('contexts as c', 'c.context_id', 'v.context_id')
    .innerJoin('tools as t', 't.tool_id', 'v.tool_id')
    .select(['t.name as tool_name', 'c.context_hash', 'v.q_value', 'v.visit_count', 'v.updated_at_ms'])
    .where('c.level', '=', 'exact')
    .where('v.visit_count', '>', 0)
    .$if(page.tool_name !== undefined, (query) => query.where('t.name', '=', page.tool_name ?? ''))
    .$if(page.context_hash !== undefined, (query) => query.where('c.context_hash', '=', page.context_hash ?? ''))
    .orderBy('v.q_value', 'desc')
    .orderBy('t.name')
    .orderBy('c.context_hash')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}
