import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CaptureEvent } from '../../../src/capture/events.ts';
import { appendEvents } from '../../../src/cli/spool/append.ts';
import { spoolFolder } from '../../../src/cli/spool/folder.ts';
import { followSpool } from '../../../src/cli/spool/follow.ts';
import { getToolMetrics } from '../../../src/engine/get-tool-metrics.ts';
import { testEngine } from '../../helpers/engine.ts';

function call(call_id: string): CaptureEvent {
  const nothing = { turn_id: null, execution_time_ms: 3, arguments: null, result: null, error_message: null, group_id: null };
  return { kind: 'call', session_id: 's', at_ms: 5, ...nothing, call_id, tool_name: 'read', success: true, was_denied: false };
}

test('a server has what lies in the spool before its first answer, and takes in what comes', async () => {
  const warnings: string[] = [];
  const engine = await testEngine();
  const folder = spoolFolder(engine.file);
  appendEvents(folder, 'hook-s.jsonl', [call('1')]);
  writeFileSync(join(folder, 'hook-t.jsonl'), 'no event\n');
  const log = { warn: (message: string) => warnings.push(message), error: (message: string) => warnings.push(message) };
  const follower = await followSpool(engine, log);
  const calls = async () => (await getToolMetrics(engine, {})).tools[0]?.total_calls;
  expect(await calls()).toBe(1);
  expect(readdirSync(folder)).toContain(`reader-${process.pid}`);
  appendEvents(folder, 'hook-s.jsonl', [call('2')]);
  await expect.poll(calls, { timeout: 5_000 }).toBe(2);
  await follower.close();
  expect(readdirSync(folder)).not.toContain(`reader-${process.pid}`);
  expect(warnings).toEqual(['in the spool: hook-t.jsonl: a line is no JSON: its writer was killed halfway, or it was changed']);
});

test('a server that nobody records for makes no spool', async () => {
  const engine = await testEngine();
  const follower = await followSpool(engine, { warn: () => {}, error: () => {} });
  await follower.close();
  expect(existsSync(spoolFolder(engine.file))).toBe(false);
});
