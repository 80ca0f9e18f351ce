import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askRatings } from '../../../src/cli/rate/ask-ratings.ts';
import { recordExecution } from '../../../src/engine/record-execution.ts';
import { unratedExecutions } from '../../../src/engine/unrated-executions.ts';
import { testEngine } from '../../helpers/engine.ts';

const [UP, DOWN, ENTER] = ['\u001b[A', '\u001b[B', '\r'];

/** A terminal where each key is pressed once a question is on the screen. */
function terminal(keys: readonly string[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  const left = [...keys];
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const timer = setInterval(() => {
    const key = left.shift();
    if (key !== undefined) input.write(key);
  }, 30);
  return { input, output, shown: () => shown, end: () => clearInterval(timer) };
}

async function engineWithCalls() {
  const engine = await testEngine();
  for (const execution_id of ['e1', 'e2', 'e3']) {
    await recordExecution(engine, { execution_id, tool_name: 'search', session_id: 's', success: true, query: 'find \u202e it' });
  }
  return engine;
}

describe('asking for ratings one by one', () => {
  it('stores the stars and the words that are typed, leaves out what is skipped, and stops when told', async () => {
    const engine = await engineWithCalls();
    const { executions } = await unratedExecutions(engine, { limit: 10 });
    const { shown, end, ...streams } = terminal([UP, UP, ENTER, 'ok', ENTER, ENTER, DOWN, ENTER]);
    expect(await askRatings(engine, executions, streams)).toBe(1);
    end();
    expect(shown()).toContain('Rated "e3" 2 of 5');
    expect(shown()).not.toContain('\u202e');
    const left = await unratedExecutions(engine, { limit: 10 });
    expect(left.executions.map(({ execution_id }) => execution_id)).toEqual(['e2', 'e1']);
  });

  it('ends without a rating when the question is left', async () => {
    const engine = await engineWithCalls();
    const { executions } = await unratedExecutions(engine, { limit: 10 });
    const { end, shown: _, ...streams } = terminal(['\u0003']);
    expect(await askRatings(engine, executions, streams)).toBe(0);
    end();
    expect((await unratedExecutions(engine, { limit: 10 })).total).toBe(3);
  });
});
