import { expect, it } from 'vitest';
import { LearnerSnapshots } from '../../src/engine/learner-snapshot.ts';
import { testEngine } from '../helpers/engine.ts';

it('a stored learner knows just the events that its place says, also when it learned while it was being stored', async () => {
  const engine = await testEngine();
  const options = { seed: 1, read_only: false, clock: () => 0, log: engine.log };
  const snapshots = new LearnerSnapshots(engine.database, options);
  const { learner } = await snapshots.load();
  const event = (position: number) =>
    ({ kind: 'registration', tool: `tool ${position}`, description: 'finds mail', input_schema: null }) as const;
  let position = 1;
  learner.observe(event(1));
  const storing = snapshots.store(learner, () => position, { interval: 1, isCurrent: () => true });
  learner.observe(event(2));
  position = 2;
  await storing;
  const stored = await new LearnerSnapshots(engine.database, options).load();
  expect(stored.position).toBe(2);
  const decision = { query: 'find mail', session: null, available: ['tool 1', 'tool 2', 'tool 3'] };
  expect(stored.learner.rank(decision)).toEqual(learner.rank(decision));
});
