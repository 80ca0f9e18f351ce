import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { prepared } from './prepared.ts';

const byDigest = prepared((db, values: { readonly digest: string }) =>
  db.selectFrom('learning_settings').select('settings_id').where('digest', '=', values.digest),
);

/** The key of a text of settings, made if this text was never seen. */
export async function internSettings(trx: Trx, settings: string, digest: string): Promise<number> {
  const [known] = await byDigest(trx, { digest });
  if (known !== undefined) return known.settings_id;
  const { settings_id } = await trx
    .insertInto('learning_settings')
    .values({ settings_id: sql<number>`(SELECT coalesce(max(settings_id), 0) + 1 FROM learning_settings)`, digest, settings })
    .returning('settings_id')
    .executeTakeFirstOrThrow();
  return settings_id;
}

/** Every text of settings that something was learned with, by key. */
export async function allSettings(trx: Trx): Promise<Map<number, string>> {
  const rows = await trx.selectFrom('learning_settings').select(['settings_id', 'settings']).execute();
  return new Map(rows.map((row) => [row.settings_id, row.settings]));
}
