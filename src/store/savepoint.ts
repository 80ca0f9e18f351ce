import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** Part of a transaction that is undone alone when it fails; the rest goes on. */
export async function atomically<T>(trx: Trx, work: () => Promise<T>): Promise<T> {
  await sql`SAVEPOINT part`.execute(trx);
  try {
    return await work();
  } catch (error) {
    await sql`ROLLBACK TO part`.execute(trx);
    throw error;
  } finally {
    await sql`RELEASE part`.execute(trx);
  }
}
