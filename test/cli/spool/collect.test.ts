import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CaptureEvent } from '../../../src/capture/events.ts';
import { appendEvents } from '../../../src/cli/spool/append.ts';
import { collect } from '../../../src/cli/spool/collect.ts';
import { spoolFolder } from '../../../src/cli/spool/folder.ts';
import { removeFromSpool } from '../../../src/cli/spool/remove-from-spool.ts';
import { getToolMetrics } from '../../../src/engine/get-tool-metrics.ts';
import { temporaryFolder, testEngine } from '../../helpers/engine.ts';
import { runServer } from '../../helpers/run-server.ts';

const HOOK = 'hook-s.jsonl';

function call(call_id: string, tool_name = 'read'): CaptureEvent {
  const nothing = { turn_id: null, execution_time_ms: 3, arguments: null, result: null, error_message: null, group_id: null };
  return { kind: 'call', session_id: 's', at_ms: 5, ...nothing, call_id, tool_name, success: true, was_denied: false };
}

async function scene() {
  const file = join(temporaryFolder(), 'test.db');
  return { file, folder: spoolFolder(file), engine: await testEngine({ file }) };
}

async function callsIn(engine: Awaited<ReturnType<typeof testEngine>>): Promise<number> {
  return (await getToolMetrics(engine, {})).tools.reduce((sum, tool) => sum + tool.total_calls, 0);
}

function makeOld(path: string): void {
  const long_ago = Date.now() / 1000 - 3_600;
  utimesSync(path, long_ago, long_ago);
}

describe('the spool', () => {
  test('needs no folder until something is recorded', async () => {
    const { engine, folder } = await scene();
    expect(await collect(engine, folder)).toEqual({ added: 0, problems: [] });
    expect(existsSync(folder)).toBe(false);
  });

  test('is readable by its owner only', async () => {
    const { folder } = await scene();
    appendEvents(folder, HOOK, [call('1')]);
    expect([statSync(folder).mode & 0o777, statSync(join(folder, HOOK)).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test('is taken in once, and again where something was added', async () => {
    const { engine, folder } = await scene();
    appendEvents(folder, HOOK, [call('1'), call('2')]);
    expect(await collect(engine, folder)).toEqual({ added: 2, problems: [] });
    expect(await collect(engine, folder)).toEqual({ added: 0, problems: [] });
    appendEvents(folder, HOOK, [call('3')]);
    expect((await collect(engine, folder)).added).toBe(1);
    expect(await callsIn(engine)).toBe(3);
  });

  test('is taken in once by two at the same time', async () => {
    const { engine, folder, file } = await scene();
    const other = await testEngine({ file });
    for (let at = 0; at < 300; at++) appendEvents(folder, HOOK, [call(String(at))]);
    const taken = await Promise.all([collect(engine, folder), collect(other, folder)]);
    expect(taken.map(({ added }) => added).reduce((one, two) => one + two)).toBe(300);
    expect(await callsIn(engine)).toBe(300);
  });

  test('loses one line where a writer was killed halfway, and says so', async () => {
    const { engine, folder } = await scene();
    appendEvents(folder, HOOK, [call('1')]);
    appendFileSync(join(folder, HOOK), '{"kind":"call","sess');
    appendEvents(folder, HOOK, [call('2')]);
    const { added, problems } = await collect(engine, folder);
    expect(added).toBe(2);
    expect(problems).toEqual([`${HOOK}: a line is no JSON: its writer was killed halfway, or it was changed`]);
  });

  test('waits for the end of a line that is being written', async () => {
    const { engine, folder } = await scene();
    const line = JSON.stringify(call('1'));
    appendEvents(folder, HOOK, []);
    appendEvents(folder, 'hook-t.jsonl', [call('0')]);
    writeFileSync(join(folder, HOOK), line.slice(0, 30));
    expect(await collect(engine, folder)).toEqual({ added: 1, problems: [] });
    appendFileSync(join(folder, HOOK), `${line.slice(30)}\n`);
    expect(await collect(engine, folder)).toEqual({ added: 1, problems: [] });
  });

  test('takes lines that are longer than a stretch', async () => {
    const { engine, folder } = await scene();
    const long = { ...call('1'), result: 'x'.repeat(300_000) } as CaptureEvent;
    appendEvents(folder, HOOK, [long, call('2')]);
    expect((await collect(engine, folder)).added).toBe(2);
  });

  test('is removed when it was taken and nobody writes it any more', async () => {
    const { engine, folder } = await scene();
    appendEvents(folder, HOOK, [call('1')]);
    appendEvents(folder, `wrap-${process.pid}-1.jsonl`, [call('2')]);
    appendEvents(folder, 'wrap-999999999-1.jsonl', [call('3')]);
    await collect(engine, folder);
    expect(readdirSync(folder).sort()).toEqual(['collected', HOOK, `wrap-${process.pid}-1.jsonl`].sort());
    makeOld(join(folder, HOOK));
    await collect(engine, folder);
    expect(readdirSync(folder)).not.toContain(HOOK);
    appendEvents(folder, HOOK, [call('4')]);
    expect((await collect(engine, folder)).added).toBe(1);
    expect(await callsIn(engine)).toBe(4);
  });

  test('loses what hooks left of a forgotten session at once, and only that', async () => {
    const { engine, folder } = await scene();
    appendEvents(folder, HOOK, [call('1')]);
    appendEvents(folder, 'hook-t.jsonl', [{ ...call('2'), session_id: 'ss' } as CaptureEvent]);
    await removeFromSpool(engine, 's');
    expect(readdirSync(folder)).toEqual(['collected', 'hook-t.jsonl']);
    expect(await callsIn(engine)).toBe(2);
  });

  test('is taken in exactly once by collectors that are killed in the middle', async () => {
    const { engine, folder, file } = await scene();
    for (let at = 0; at < 600; at++) appendEvents(folder, HOOK, [call(String(at), `tool_${at % 7}`)]);
    await engine.close();
    for (const patience_ms of [150, 300, 450, 600]) await killedCollector(file, patience_ms);
    const last = await testEngine({ file, log: { warn: () => {}, error: () => {} } });
    await collect(last, folder);
    expect(await callsIn(last)).toBe(600);
  }, 60_000);
});

/** Another process that takes in the spool and is killed after a while. */
async function killedCollector(file: string, patience_ms: number): Promise<void> {
  const script = `
    import { openEngine } from '${process.cwd()}/src/engine/engine.ts';
    import { collect } from '${process.cwd()}/src/cli/spool/collect.ts';
    import { DEFAULTS, DOMAIN_KEYWORDS } from '${process.cwd()}/src/core/hyperparameters.ts';
    import { STORAGE_DEFAULTS } from '${process.cwd()}/src/engine/settings.ts';
    const settings = { hyperparameters: DEFAULTS, domain_keywords: DOMAIN_KEYWORDS, seed: 1, ranker: 'reference', read_only: false, ...STORAGE_DEFAULTS };
    const engine = await openEngine({ file: ${JSON.stringify(file)}, settings, clock: Date.now, log: console });
    process.stdout.write('open');
    await collect(engine, ${JSON.stringify(spoolFolder(file))});`;
  const child = spawn(process.execPath, ['--import', './scripts/sql-loader.ts', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), patience_ms));
  await gone;
}

describe('a command that may only read', () => {
  test('says that the spool is not taken in, when something is in it', async () => {
    const { file, folder, engine } = await scene();
    await engine.close();
    mkdirSync(folder);
    writeFileSync(join(folder, HOOK), '');
    const status = () => runServer(['status', '--db', file, '--read-only'], { input: '' });
    expect(await status()).toMatchObject({ code: 0, stderr: '' });
    appendEvents(folder, HOOK, [call('1')]);
    const said = `toolwise warn: what hooks and wrapped servers left in ${folder} is not taken in, because of --read-only\n`;
    expect(await status()).toMatchObject({ code: 0, stderr: said });
  });
});
