import { describe, expect, it } from 'vitest';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { unratedExecutions } from '../../src/engine/unrated-executions.ts';
import { testEngine } from '../helpers/engine.ts';

describe('calls without a rating', () => {
  it('are listed newest first, with their age, until they are rated', async () => {
    let now = 1_000_000;
    const engine = await testEngine({ clock: () => now });
    for (const execution_id of ['a', 'b', 'c']) {
      now += 1000;
      await recordExecution(engine, { execution_id, tool_name: 't', session_id: 's', success: execution_id !== 'b', execution_time_ms: 5 });
    }
    now += 500;
    await submitFeedback(engine, { execution_id: 'c', rating: 5 });
    const { total, executions } = await unratedExecutions(engine, { limit: 10 });
    expect(total).toBe(2);
    expect(executions.map(({ execution_id, success, age_ms }) => [execution_id, success, age_ms])).toEqual([
      ['b', false, 1500],
      ['a', true, 2500],
    ]);
  });

  it('come page by page, of one tool and one session', async () => {
    const engine = await testEngine();
    for (const [at, tool_name] of ['t', 'u', 't', 't'].entries()) {
      await recordExecution(engine, { execution_id: `e${at}`, tool_name, session_id: at === 3 ? 'other' : 's', success: true });
    }
    const filter = { tool_name: 't', session_id: 's', limit: 1 };
    const first = await unratedExecutions(engine, filter);
    const second = await unratedExecutions(engine, { ...filter, before: first.executions[0]?.position });
    expect([first.total, ...[first, second].map(({ executions }) => executions[0]?.execution_id)]).toEqual([2, 'e2', 'e0']);
  });

  it('show words of users without hidden characters, and cut', async () => {
    const engine = await testEngine();
    const query = `see\u200b \u202eit\n${'x'.repeat(500)}`;
    await recordExecution(engine, { execution_id: 'a', tool_name: 't', session_id: 's', success: true, query });
    const shown = (await unratedExecutions(engine, { limit: 1 })).executions[0]?.untrusted.query ?? '';
    expect(shown).toMatch(/^see it x+/);
    expect(shown.length).toBeLessThanOrEqual(200);
  });
});
