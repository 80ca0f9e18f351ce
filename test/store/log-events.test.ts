import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../src/core/learner/log-event.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { eventsAfter, ToolNames } from '../../src/store/log-events.ts';
import { testEngine } from '../helpers/engine.ts';

const eventsOf = async (engine: Engine, position = 0, limit = 1_000) => await engine.read((trx) => eventsAfter(trx, position, limit));
const executionOf = (events: readonly { readonly event: LogEvent }[], at = 0) =>
  events.flatMap(({ event }) => (event.kind === 'execution' ? [event] : []))[at];

/** One event of each kind, as an agent makes them. */
async function oneOfEach(engine: Engine): Promise<string> {
  await registerTools(engine, { tools: [{ name: 'a', description: 'adds', input_schema: { type: 'object', properties: { x: {} } } }] });
  await recommendTools(engine, { session_id: 's', query: 'add two numbers', available_tools: ['b', 'a'] });
  const { execution_id } = await recordExecution(engine, {
    session_id: 's',
    tool_name: 'a',
    success: true,
    execution_time_ms: 100,
    available_tools: ['b', 'a'],
  });
  await submitFeedback(engine, { execution_id, rating: 1 });
  await logEpisode(engine, { session_id: 's', outcome: 'partial' });
  return execution_id;
}

describe('the events of the log', () => {
  test('come in the order of the log, each with what was said', async () => {
    const engine = await testEngine();
    await oneOfEach(engine);
    expect(await eventsOf(engine)).toEqual([
      {
        position: 1,
        event: { kind: 'registration', tool: 'a', description: 'adds', input_schema: { type: 'object', properties: { x: {} } } },
      },
      { position: 2, event: { kind: 'request', session: 's', query: 'add two numbers' } },
      {
        position: 3,
        event: {
          kind: 'execution',
          seq: 3,
          session: 's',
          tool: 'a',
          success: true,
          reward: 9.99,
          rating: null,
          query: 'add two numbers',
          available: ['b', 'a'],
          time_ms: 100,
          day: 20_454,
        },
      },
      { position: 4, event: { kind: 'rating', seq: 3, rating: 1, reward: 5.99 } },
      { position: 5, event: { kind: 'episode', session: 's', outcome: 'partial', reward: 5.99, tools: ['a'], confidence: 1 } },
    ]);
  });

  test('a page ends at its limit and the next goes on after it', async () => {
    const engine = await testEngine();
    await oneOfEach(engine);
    const all = await eventsOf(engine);
    const paged: unknown[] = [];
    for (let position = 0; ; ) {
      const page = await eventsOf(engine, position, 2);
      if (page.length === 0) break;
      paged.push(...page);
      position = page.at(-1)?.position ?? 0;
    }
    expect(paged).toEqual(all);
    expect(await eventsOf(engine, 5)).toEqual([]);
  });

  test('an execution stays as it was recorded, however often it is rated later', async () => {
    const engine = await testEngine();
    await oneOfEach(engine);
    const { execution_id } = await recordExecution(engine, { session_id: 't', tool_name: 'a', success: false, user_rating: 2 });
    const before = await eventsOf(engine);
    for (const rating of [5, 4, 5]) await submitFeedback(engine, { execution_id, rating });
    const after = await eventsOf(engine);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(executionOf(after, 1)).toMatchObject({ rating: 2, reward: -7, query: null, available: null, time_ms: null });
    expect(after.slice(before.length).map(({ event }) => event)).toEqual([
      { kind: 'rating', seq: 6, rating: 5, reward: -1 },
      { kind: 'rating', seq: 6, rating: 4, reward: -3 },
      { kind: 'rating', seq: 6, rating: 5, reward: -1 },
    ]);
  });

  test('an earlier registration stays as it was', async () => {
    const engine = await testEngine();
    for (const description of ['first', 'second']) await registerTools(engine, { tools: [{ name: 'a', description }] });
    const events = await eventsOf(engine);
    expect(events.map(({ event }) => event.kind === 'registration' && event.description)).toEqual(['first', 'second']);
  });

  test('a request without a session is nobody’s and is left out', async () => {
    const engine = await testEngine();
    await recommendTools(engine, { query: 'anything', available_tools: ['a'] });
    expect(await eventsOf(engine)).toEqual([]);
  });

  test('names that are remembered from page to page are those of a fresh reader', async () => {
    const engine = await testEngine();
    const names = new ToolNames();
    const read = (position: number) => engine.read((trx) => eventsAfter(trx, position, 100, names));
    await recordExecution(engine, { session_id: 's', tool_name: 'a', success: true, available_tools: ['a', 'b'] });
    await read(0);
    await recordExecution(engine, { session_id: 's', tool_name: 'c', success: true, available_tools: ['c', 'b', 'd'] });
    await recordExecution(engine, { session_id: 's', tool_name: 'a', success: true, available_tools: ['a', 'b'] });
    await logEpisode(engine, { session_id: 's', outcome: 'success' });
    expect(await read(0)).toEqual(await eventsOf(engine));
    expect((await read(0)).at(-1)?.event).toMatchObject({ tools: ['a', 'c', 'a'] });
  });
});

test('one page of a long log is read along its indexes: no table is sorted or read through', async () => {
  const engine = await testEngine();
  await oneOfEach(engine);
  const time = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  for (let n = 0; n < 1_500; n++) await recordExecution(engine, { session_id: `s${n % 7}`, tool_name: 'a', success: true });
  await eventsOf(engine, 1_400, 1);
  const one = Math.min(...(await Promise.all([1, 2, 3, 4, 5].map(() => time(() => eventsOf(engine, 1_400, 1))))));
  const all = Math.min(...(await Promise.all([1, 2, 3].map(() => time(() => eventsOf(engine, 0, 5_000))))));
  expect(one).toBeLessThan(all / 5);
});
