import { expect, test } from 'vitest';
import { LearnerCache } from '../../src/engine/learner-cache.ts';
import type { Database } from '../../src/store/database.ts';
import { testEngine } from '../helpers/engine.ts';
import { recordAll, recordedWork } from '../helpers/recorded-work.ts';

/** The first read answers only when told to. */
function withSlowFirstRead(database: Database): { readonly slow: Database; readonly release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let reads = 0;
  const read: Database['read'] = async (work) => {
    if (reads++ === 0) await promise;
    return await database.read(work);
  };
  return { slow: { read, write: database.write.bind(database) } as Database, release: resolve };
}

test('a load of the learner that a rewrite of the log overtook neither replaces the next nor blocks learning for ever', async () => {
  const engine = await testEngine();
  await recordAll(engine, recordedWork(40));
  const { slow, release } = withSlowFirstRead(engine.database);
  const cache = new LearnerCache(slow, { seed: 1, read_only: false, clock: () => 1, log: console });
  const decide = () =>
    cache.decide(
      (work) => slow.read(work),
      async (_, learner) => learner,
    );
  const overtaken = decide();
  cache.clear();
  const current = await decide();
  release();
  expect(await overtaken).toBe(current);
  expect(await decide()).toBe(current);
});
