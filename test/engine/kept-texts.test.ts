import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { RecordedText } from '../../src/core/redaction/modes.ts';
import { getHistory } from '../../src/engine/get-history.ts';
import { recommendTools } from '../../src/engine/recommend-tools.ts';
import { recordExecution } from '../../src/engine/record-execution.ts';
import { registerTools } from '../../src/engine/register-tools.ts';
import { selectTool } from '../../src/engine/select-tool.ts';
import { submitFeedback } from '../../src/engine/submit-feedback.ts';
import { suggestParametersFor } from '../../src/engine/suggest-parameters.ts';
import { testEngine } from '../helpers/engine.ts';

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const call = { session_id: 's', tool_name: 'fetch', success: true, execution_id: 'c' };

async function recordedIn(recorded_text: RecordedText) {
  const engine = await testEngine({ settings: { recorded_text } });
  await registerTools(engine, { tools: [{ name: 'fetch', description: `fetches with ${TOKEN}`, input_schema: { default: TOKEN } }] });
  await recordExecution(engine, {
    ...call,
    query: `fetch it with ${TOKEN}`,
    arguments: { url: `https://a.b/?token=${TOKEN}`, n: 3 },
    result: `got ${TOKEN}`,
    error_message: 'x'.repeat(3000),
  });
  await submitFeedback(engine, { execution_id: 'c', rating: 4, feedback: `fine, ${TOKEN}` });
  const database = new Sqlite(engine.file, { readonly: true });
  const row = (table: string) => database.prepare(`SELECT * FROM ${table}`).get() as Record<string, string | null>;
  const stored = {
    execution: row('executions'),
    query: row('requests')['query'],
    words: row('feedback')['words'],
    tool: row('registrations'),
  };
  database.close();
  return { engine, ...stored };
}

describe('what is kept of texts', () => {
  test('redacted: all but secrets, results and errors cut at 2,000', async () => {
    const { execution, query, words, tool } = await recordedIn('redacted');
    expect([query, words]).toEqual(['fetch it with [redacted:github-token]', 'fine, [redacted:github-token]']);
    expect(JSON.parse(execution['arguments'] ?? '')).toEqual({ url: 'https://a.b/?token=[redacted:github-token]', n: 3 });
    expect(execution['result']).toBe('got [redacted:github-token]');
    expect(execution['error_message']).toMatch(/\[cut\]$/);
    expect([tool['description'], tool['input_schema']]).toEqual([
      'fetches with [redacted:github-token]',
      '{"default":"[redacted:github-token]"}',
    ]);
  });

  test('shape: names, types and lengths', async () => {
    const { execution, words, query } = await recordedIn('shape');
    expect(JSON.parse(execution['arguments'] ?? '')).toEqual({ url: 'string(59)', n: 'number()' });
    expect([execution['result'], words]).toEqual(['string(44)', 'string(46)']);
    expect(query).toBe('fetch it with [redacted:github-token]');
  });

  test('none: nothing, and the request without secrets', async () => {
    const { execution, words, query } = await recordedIn('none');
    expect([execution['arguments'], execution['result'], execution['error_message'], words]).toEqual([null, null, null, null]);
    expect(query).toBe('fetch it with [redacted:github-token]');
  });

  test('full: everything', async () => {
    const { execution, words, query, tool } = await recordedIn('full');
    expect(JSON.stringify([execution['arguments'], execution['result'], words, query, tool]).split(TOKEN)).toHaveLength(7);
    expect(execution['error_message']).toHaveLength(2000);
  });

  test('the same request leads to the same context whoever asks, secrets in it or not', async () => {
    const { engine } = await recordedIn('redacted');
    for (const query of [`fetch it with ${TOKEN}`, 'fetch the page']) {
      const state = { session_id: `of ${query.length}`, query };
      const { context_hash } = await recommendTools(engine, { ...state, available_tools: ['fetch'] });
      await selectTool(engine, { ...state, available_tools: ['fetch'] });
      const recorded = await recordExecution(engine, { tool_name: 'fetch', success: true, ...state });
      expect(recorded.context_hash).toBe(context_hash);
    }
    const requests = new Sqlite(engine.file, { readonly: true });
    expect(requests.prepare('SELECT count(*) AS n FROM requests').get()).toEqual({ n: 3 });
    requests.close();
  });

  test('neither a shape nor what redaction left is suggested as an argument', async () => {
    for (const mode of ['shape', 'redacted'] as const) {
      const { engine } = await recordedIn(mode);
      const { suggested_params } = await suggestParametersFor(engine, { tool_name: 'fetch' });
      expect(suggested_params).toEqual(mode === 'shape' ? {} : { n: 3 });
    }
  });

  test('history shows it under untrusted, cut at 200', async () => {
    const { engine } = await recordedIn('redacted');
    const { items } = await getHistory(engine, { kind: 'executions' });
    expect(items[0]).toMatchObject({
      untrusted: { feedback: 'fine, [redacted:github-token]', error_message: expect.stringMatching(/^x{195}\[cut\]$/) },
    });
  });

  test('whose call an execution_id names is not told to another session', async () => {
    const { engine } = await recordedIn('redacted');
    const again = recordExecution(engine, { ...call, session_id: 'other' });
    await expect(again).rejects.toThrow(
      'execution_id "c" already names a successful call of fetch in another session; give each call its own id',
    );
  });
});
