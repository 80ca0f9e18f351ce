import { describe, expect, test } from 'vitest';
import { describeSession, sessionNames } from '../../src/engine/browse.ts';
import { getHistory } from '../../src/engine/get-history.ts';
import { logEpisode } from '../../src/engine/log-episode.ts';
import { nextToolBySequence } from '../../src/engine/next-tool-by-sequence.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { testEngine } from '../helpers/engine.ts';

describe('a session', () => {
  test('gives the state that is not told: query, previous tool and length', async () => {
    const engine = await testEngine();
    await recordExecution(engine, { session_id: 's', tool_name: 'search', success: true, query: 'find it' });
    const derived = await recommendTools(engine, { session_id: 's', available_tools: ['a'] });
    const told = await recommendTools(engine, { query: 'find it', previous_tool: 'search', session_length: 1, available_tools: ['a'] });
    expect(derived.context_hash).toBe(told.context_hash);
    const other = await recommendTools(engine, { session_id: 's', previous_tool: 'read', available_tools: ['a'] });
    expect(other.context_hash).not.toBe(derived.context_hash);
  });

  test('the state after a call is the state before the next one', async () => {
    const engine = await testEngine();
    const first = await recordExecution(engine, { session_id: 's', tool_name: 'search', success: true, query: 'find it' });
    const second = await recordExecution(engine, { session_id: 's', tool_name: 'read', success: true });
    expect(second.context_hash).toBe(first.next_context_hash);
  });

  test('takes its sequence and reward from what it recorded, one episode after the other', async () => {
    const engine = await testEngine();
    for (const tool_name of ['search', 'read']) await recordExecution(engine, { session_id: 's', tool_name, success: true });
    const first = await logEpisode(engine, { session_id: 's', outcome: 'success' });
    expect(first).toMatchObject({ tool_sequence: ['search', 'read'], episode_reward: 20, ngrams_updated: 1 });
    await recordExecution(engine, { session_id: 's', tool_name: 'write', success: false });
    expect(await logEpisode(engine, { session_id: 's', outcome: 'failure' })).toMatchObject({
      tool_sequence: ['write'],
      episode_reward: -5,
    });
    expect((await describeSession(engine, 's')).episodes).toHaveLength(2);
  });

  test.each([
    ['success', 10],
    ['partial', 5],
    ['failure', -5],
  ] as const)('an episode that ended in %s without recorded calls is worth %d', async (outcome, episode_reward) => {
    const engine = await testEngine();
    expect(await logEpisode(engine, { session_id: 's', outcome })).toMatchObject({ episode_reward, tool_sequence: [], ngrams_updated: 0 });
  });

  test('another sequence in the same session is another episode', async () => {
    const engine = await testEngine();
    const log = (tool_sequence: string[]) => logEpisode(engine, { session_id: 's', outcome: 'success', tool_sequence });
    const first = await log(['a', 'b']);
    expect((await log(['a', 'b'])).episode_id).toBe(first.episode_id);
    expect((await log(['a', 'c'])).duplicate).toBe(false);
    const { recommendations } = await nextToolBySequence(engine, { recent_tools: ['a'] });
    expect(recommendations).toEqual([]); // each pair was seen in one episode only
  });

  test('the same work with another outcome is another episode when its sequence is told, and an error when it is not', async () => {
    const engine = await testEngine();
    await recordExecution(engine, { session_id: 's', tool_name: 'a', success: true });
    await logEpisode(engine, { session_id: 's', outcome: 'success' });
    await expect(logEpisode(engine, { session_id: 's', outcome: 'failure' })).rejects.toThrow(
      /outcome success and nothing was recorded since/,
    );
    expect(await logEpisode(engine, { session_id: 's', outcome: 'failure', tool_sequence: ['a'] })).toMatchObject({ duplicate: false });
  });

  test('of which nothing is known is an error that names it', async () => {
    const engine = await testEngine();
    await expect(describeSession(engine, 'nobody')).rejects.toThrow('session "nobody" is unknown');
    expect(await sessionNames(engine, '', 10)).toEqual([]);
  });
});

describe('pages of history', () => {
  test('follow one another without a gap, newest first', async () => {
    const engine = await testEngine();
    for (const tool_name of ['a', 'b', 'c', 'd', 'e']) await recordExecution(engine, { session_id: 's', tool_name, success: true });
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await getHistory(engine, { kind: 'executions', limit: 2, ...(cursor === null ? {} : { cursor }) });
      names.push(...page.items.flatMap((item) => ('tool_name' in item ? [item.tool_name] : [])));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(names).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  test('stay in place when something is recorded between them, and end without a cursor', async () => {
    const engine = await testEngine();
    for (const tool_name of ['a', 'b', 'c', 'd']) await recordExecution(engine, { session_id: 's', tool_name, success: true });
    const first = await getHistory(engine, { kind: 'executions', limit: 2 });
    await recordExecution(engine, { session_id: 's', tool_name: 'e', success: true });
    const second = await getHistory(engine, { kind: 'executions', limit: 2, cursor: first.next_cursor ?? '' });
    expect(second.items).toMatchObject([{ tool_name: 'b' }, { tool_name: 'a' }]);
    expect(second.next_cursor).toBeNull();
    await expect(getHistory(engine, { kind: 'episodes', cursor: first.next_cursor ?? '' })).rejects.toThrow(/not valid here/);
  });

  test('a cursor that no page gave is an error', async () => {
    const engine = await testEngine();
    await expect(getHistory(engine, { kind: 'episodes', cursor: 'nonsense' })).rejects.toThrow(
      /cursor "nonsense" is not valid here; pass next_cursor/,
    );
  });
});
