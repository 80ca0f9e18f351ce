import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CaptureEvent } from '../../src/capture/events.ts';
import { getHistory } from '../../src/engine/get-history.ts';
import { forget } from '../../src/engine/journal/forget.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { closeSpoolFile, endSilentSessions, takeEvents } from '../../src/engine/take-events.ts';
import { takenBytes } from '../../src/store/spool.ts';
import { testEngine } from '../helpers/engine.ts';

const seen = { session_id: 's', at_ms: 5 };
const prompt: CaptureEvent = { kind: 'prompt', ...seen, turn_id: 'p', text: 'read the notes' };
const end: CaptureEvent = { kind: 'end', ...seen };

function call(tool_name: string, call_id: string, success = true): CaptureEvent {
  const nothing = { turn_id: null, execution_time_ms: 3, arguments: null, result: null, error_message: null, group_id: null };
  return { kind: 'call', ...seen, ...nothing, call_id, tool_name, success, was_denied: false };
}

async function episodesOf(engine: Awaited<ReturnType<typeof testEngine>>) {
  return (await getHistory(engine, { kind: 'episodes' })).items;
}

describe('events of the spool', () => {
  test('become calls with the prompt as their query, and an episode', async () => {
    const engine = await testEngine();
    const events = [prompt, call('read', '1'), call('write', '2', false), end];
    expect(await takeEvents(engine, { name: 'hook-a.jsonl', from: 0, to: 100, events })).toEqual({
      taken_bytes: 100,
      added: 3,
      problems: [],
    });
    expect((await getHistory(engine, { kind: 'executions' })).items).toMatchObject([
      { tool_name: 'write', success: false },
      { tool_name: 'read', success: true, untrusted: { query: 'read the notes' } },
    ]);
    expect(await episodesOf(engine)).toMatchObject([{ outcome: 'failure', tool_sequence: ['read', 'write'] }]);
  });

  test('are taken once, by whoever comes first', async () => {
    const engine = await testEngine();
    const stretch = { name: 'hook-a.jsonl', from: 0, to: 50, events: [call('read', '1')] };
    await takeEvents(engine, stretch);
    expect(await takeEvents(engine, stretch)).toEqual({ taken_bytes: 50, added: 0, problems: [] });
    expect(await engine.read((trx) => takenBytes(trx, 'hook-a.jsonl'))).toBe(50);
  });

  test('that come in pieces make what they make at once', async () => {
    const events = [prompt, call('read', '1'), call('read', '2'), prompt, call('write', '3'), end];
    const [whole, parts] = [await testEngine(), await testEngine()];
    await takeEvents(whole, { name: 'f', from: 0, to: 6, events });
    for (const [at, event] of events.entries()) await takeEvents(parts, { name: 'f', from: at, to: at + 1, events: [event] });
    const [whole_work] = await episodesOf(whole);
    expect(whole_work).toMatchObject({ outcome: 'success', tool_sequence: ['read', 'read', 'write'] });
    expect(await episodesOf(parts)).toMatchObject([{ outcome: 'success', tool_sequence: ['read', 'read', 'write'] }]);
  });

  test('do not override what the agent said of the same calls', async () => {
    const engine = await testEngine();
    await takeEvents(engine, { name: 'f', from: 0, to: 1, events: [call('read', '1', false)] });
    await logEpisode(engine, { session_id: 's', outcome: 'success' });
    await takeEvents(engine, { name: 'f', from: 1, to: 2, events: [end] });
    expect(await episodesOf(engine)).toMatchObject([{ outcome: 'success' }]);
  });

  test('give way to what the agent says later', async () => {
    const engine = await testEngine();
    await takeEvents(engine, { name: 'f', from: 0, to: 1, events: [call('read', '1', false), end] });
    expect(await logEpisode(engine, { session_id: 's', outcome: 'success' })).toMatchObject({ duplicate: false, tool_sequence: ['read'] });
    await expect(logEpisode(engine, { session_id: 's', outcome: 'failure' })).rejects.toThrow('was logged with outcome success');
  });

  test('are judged by the ratings of the calls before all', async () => {
    const engine = await testEngine();
    const id = 'toolu_01ABCDEFGHIJKLMNOP';
    await takeEvents(engine, { name: 'f', from: 0, to: 1, events: [call('read', id)] });
    await submitFeedback(engine, { execution_id: id, rating: 1 });
    await takeEvents(engine, { name: 'f', from: 1, to: 2, events: [end] });
    expect(await episodesOf(engine)).toMatchObject([{ outcome: 'failure' }]);
  });

  test('join a call to advice that was given to the name by which the agent calls its work', async () => {
    const engine = await testEngine();
    const { recommendation_id } = await recommendTools(engine, {
      session_id: 'task-17',
      query: 'read',
      available_tools: ['read', 'write'],
    });
    const advice: CaptureEvent = { kind: 'advice', ...seen, recommendation_id };
    const unknown: CaptureEvent = { kind: 'advice', ...seen, recommendation_id: 'gone' };
    const { problems } = await takeEvents(engine, {
      name: 'f',
      from: 0,
      to: 1,
      events: [advice, call('read', '1'), unknown, call('read', '2')],
    });
    expect(problems).toEqual([]);
    const { items } = await getHistory(engine, { kind: 'executions' });
    expect(items.map((item) => 'recommendation_id' in item && item.recommendation_id)).toEqual([null, recommendation_id]);
    await forget(engine, 'task-17');
    expect((await getHistory(engine, { kind: 'executions' })).items).toHaveLength(2);
  });

  test('of a connection whose file is gone, or of a session that was silent for a day, are an episode', async () => {
    let now = 1_000_000;
    const engine = await testEngine({ clock: () => now });
    const of_connection = { ...call('read', '1'), session_id: 'wrap/files/1' } as CaptureEvent;
    await takeEvents(engine, { name: 'wrap-1', from: 0, to: 1, events: [of_connection, call('read', '2')] });
    await closeSpoolFile(engine, 'wrap-1');
    await endSilentSessions(engine);
    expect(await episodesOf(engine)).toMatchObject([{ session_id: 'wrap/files/1' }]);
    now += 86_400_001;
    await endSilentSessions(engine);
    expect(await episodesOf(engine)).toMatchObject([{ session_id: 's' }, { session_id: 'wrap/files/1' }]);
  });

  test('of a forgotten session leave nothing behind, and are not taken again', async () => {
    const engine = await testEngine();
    await takeEvents(engine, { name: 'f', from: 0, to: 1, events: [prompt, call('read', '1')] });
    await forget(engine, 's');
    await takeEvents(engine, { name: 'f', from: 0, to: 1, events: [prompt, call('read', '1')] });
    await takeEvents(engine, { name: 'f', from: 1, to: 2, events: [call('write', '2')] });
    expect((await getHistory(engine, { kind: 'executions' })).items).toMatchObject([{ tool_name: 'write', untrusted: { query: null } }]);
  });

  test('leave no words of a forgotten session in the file', async () => {
    const engine = await testEngine();
    const words = 'words that nobody else may read';
    for (let at = 0; at < 20; at++) {
      const event: CaptureEvent = { kind: 'prompt', ...seen, turn_id: `${at}`, text: `${words} ${'x'.repeat(at * 300)}` };
      await takeEvents(engine, { name: 'f', from: at, to: at + 1, events: [event, call('read', `${at}`)] });
    }
    await forget(engine, 's');
    await engine.close();
    expect(readFileSync(engine.file).includes(words)).toBe(false);
  });
});
