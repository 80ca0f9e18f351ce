import { expect, test } from 'vitest';
import { recorderFindings } from '../../src/cli/doctor/recorders.ts';
import { noteProblem } from '../../src/cli/hook/problems.ts';
import { appendEvents } from '../../src/cli/spool/append.ts';
import { collect } from '../../src/cli/spool/collect.ts';
import { spoolFolder } from '../../src/cli/spool/folder.ts';
import { testEngine } from '../helpers/engine.ts';

test('doctor says nothing of recorders where there are none', async () => {
  expect(await recorderFindings(await testEngine(), Date.now())).toEqual([]);
});

test('doctor says what waits in the spool, and what went wrong in hooks', async () => {
  const engine = await testEngine();
  const folder = spoolFolder(engine.file);
  appendEvents(folder, 'hook-s.jsonl', [{ kind: 'end', session_id: 's', at_ms: 1 }]);
  const [waiting] = await recorderFindings(engine, Date.now());
  expect(waiting).toMatchObject({ verdict: 'note', told: expect.stringMatching(/^\d+ bytes in 1 file wait/) });
  await collect(engine, folder);
  expect(await recorderFindings(engine, Date.now())).toEqual([
    { check: 'recorders', verdict: 'ok', told: 'all they left has been taken in' },
  ]);
  noteProblem(folder, 'stdin is not JSON (3 characters)');
  const [, recent] = await recorderFindings(engine, Date.now());
  expect(recent).toMatchObject({ verdict: 'warning', told: expect.stringContaining('stdin is not JSON') });
  const [, old] = await recorderFindings(engine, Date.now() + 2 * 86_400_000);
  expect(old).toMatchObject({ verdict: 'note' });
});
