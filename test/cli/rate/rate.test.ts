import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallEvent, PromptEvent } from '../../../src/capture/events.ts';
import { appendEvents } from '../../../src/cli/spool/append.ts';
import { spoolFolder } from '../../../src/cli/spool/folder.ts';
import { DEFAULTS, DOMAIN_KEYWORDS } from '../../../src/core/hyperparameters.ts';
import { openEngine } from '../../../src/engine/engine.ts';
import { getHistory } from '../../../src/engine/get-history.ts';
import { recordExecution } from '../../../src/engine/record-execution.ts';
import { STORAGE_DEFAULTS } from '../../../src/engine/settings.ts';
import { type Run, runServer } from '../../helpers/run-server.ts';
import { temporaryDatabase } from '../../helpers/temporary.ts';

type Calls = readonly (readonly [id: string, tool: string, session: string, success: boolean, query?: string])[];

const CALLS: Calls = [
  ['e1', 'search', 's1', true, 'find it'],
  ['e2', 'read', 's1', true],
  ['e3', 'search', 's2', false, `bad \u001b[31m words ${'and more '.repeat(30)}`],
  ['e4', 'search', 's2', true],
];

async function opened<T>(file: string, work: (engine: Awaited<ReturnType<typeof openEngine>>) => Promise<T>): Promise<T> {
  const engine = await openEngine({
    file,
    clock: Date.now,
    log: { warn: () => undefined, error: () => undefined },
    settings: {
      hyperparameters: DEFAULTS,
      domain_keywords: DOMAIN_KEYWORDS,
      seed: 1,
      ranker: 'learned',
      read_only: false,
      ...STORAGE_DEFAULTS,
    },
  });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

async function databaseWith(calls: Calls = CALLS): Promise<string> {
  const db = temporaryDatabase();
  mkdirSync(dirname(db), { recursive: true });
  await opened(db, async (engine) => {
    for (const [execution_id, tool_name, session_id, success, query] of calls) {
      await recordExecution(engine, { execution_id, tool_name, session_id, success, query });
    }
  });
  return db;
}

async function ratings(db: string): Promise<Record<string, number | null>> {
  const { items } = await opened(db, (engine) => getHistory(engine, { kind: 'executions' }));
  return Object.fromEntries(items.flatMap((item) => ('untrusted' in item ? [[item.execution_id, item.user_rating]] : [])));
}

async function rate(db: string, args: readonly string[], input = ''): Promise<Run> {
  return await runServer(['rate', ...args, '--db', db], { input });
}

describe('rate', () => {
  it('lists the unrated calls, newest first, and says how to rate them', async () => {
    const db = await databaseWith();
    const { code, stdout, stderr } = await rate(db, []);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^4 executions without a rating\nexecution +tool +session +when +result +request\ne4 /);
    expect(stdout).toMatch(/e3 +search +s2 +\d+ s ago +failure +bad \[31m words/);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('toolwise rate EXECUTION_ID STARS');
    expect(await ratings(db)).toEqual({ e1: null, e2: null, e3: null, e4: null });
  });

  it('lists only what the filters let through', async () => {
    const db = await databaseWith();
    const { stdout } = await rate(db, ['--list', '--json', '--tool', 'search', '--session', 's2', '--limit', '1']);
    expect(JSON.parse(stdout)).toMatchObject({ total: 2, executions: [{ execution_id: 'e4', session_id: 's2', tool_name: 'search' }] });
  });

  it('rates one and says what that changed', async () => {
    const db = await databaseWith();
    const { code, stdout } = await rate(db, ['e1', '5', '--comment', 'just right']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Rated "e1" 5 of 5: reward 10 -> 14, Q-value [\d.]+ -> [\d.]+\n$/);
    expect(await ratings(db)).toMatchObject({ e1: 5, e2: null });
    expect((await rate(db, [])).stdout).not.toContain('e1 ');
  });

  it('rates what the lines of stdin say', async () => {
    const db = await databaseWith();
    const { code, stdout } = await rate(db, ['-'], 'e1 4\n\ne2 2 too slow\n{"execution_id":"e3","rating":1}\n');
    expect(code).toBe(0);
    expect(stdout).toContain('3 executions rated.');
    expect(await ratings(db)).toEqual({ e1: 4, e2: 2, e3: 1, e4: null });
  });

  it.each([
    ['e1 5\nnobody 5\ne2 5\n', 1, 'line 2: execution_id "nobody" is unknown; see toolwise rate --list'],
    ['e1 5\ne2 9\ne3 5\n', 2, 'line 2: rating is "9"'],
  ])('stops at a line that cannot be done, and says what stays: %j', async (input, expected, message) => {
    const db = await databaseWith();
    const { code, stderr } = await rate(db, ['-'], input);
    expect(code).toBe(expected);
    expect(stderr).toContain(message);
    expect(stderr).toContain('1 rating before it stays');
    expect(await ratings(db)).toEqual({ e1: 5, e2: null, e3: null, e4: null });
  });

  it('rates all that the filters let through, after it said how many with --dry-run', async () => {
    const db = await databaseWith();
    const dry = await rate(db, ['--all', '2', '--tool', 'search', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('Would rate 3 executions 2 of 5') });
    expect(await ratings(db)).toMatchObject({ e1: null, e3: null, e4: null });
    const { code, stdout } = await rate(db, ['--all', '2', '--tool', 'search', '--limit', '2']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Rated 2 executions 2 of 5.\n' });
    expect(await ratings(db)).toEqual({ e1: null, e2: null, e3: 2, e4: 2 });
    expect(JSON.parse((await rate(db, ['--all', '3', '--yes', '--json'])).stdout)).toEqual({
      matching: 2,
      rated: 2,
      rating: 3,
      dry_run: false,
    });
    expect(await ratings(db)).toEqual({ e1: 3, e2: 3, e3: 2, e4: 2 });
  });

  it('says an unknown id and changes nothing', async () => {
    const db = await databaseWith();
    const said = expect.stringContaining('execution_id "nobody" is unknown; see toolwise rate --list\n');
    expect(await rate(db, ['nobody', '5'])).toMatchObject({ code: 1, stdout: '', stderr: said });
    expect(await ratings(db)).toEqual({ e1: null, e2: null, e3: null, e4: null });
  });

  it.each<[string[], string]>([
    [['e1'], 'the stars are missing'],
    [['e1', '-1'], 'stars are "-1"; give stars from 1 (bad) to 5 (good)'],
    [['e1', '0'], 'stars are "0"'],
    [['e1', '6'], 'stars are "6"'],
    [['--all', '-1', '--tool', 'x'], '--all is "-1"'],
    [['--all', '5'], '--all without --tool, --session or --limit'],
    [['--list', '--limit', '-3'], '--limit is "-3"'],
    [['e1', '5', '--tool', 'x'], '--tool does not go with'],
    [['e1', '5', '--list'], 'give one of'],
    [['--list', '--comment', 'x'], '--comment belongs to'],
    [['--list', '--dry-run'], '--dry-run belongs to --all'],
    [['-', '5'], '- reads the stars from stdin'],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await rate(temporaryDatabase(), args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('says where there is no database', async () => {
    const db = temporaryDatabase();
    expect(await rate(db, [])).toMatchObject({ code: 1, stderr: expect.stringContaining(`no database at ${db}`) });
  });
});

describe('rate beside a recorder', () => {
  it('lists and rates what a hook has left in the spool', async () => {
    const db = await databaseWith([]);
    const seen = { session_id: 'claude-code:s', at_ms: Date.now() - 60_000 };
    const call: CallEvent = {
      ...seen,
      kind: 'call',
      call_id: 'toolu_1',
      turn_id: null,
      tool_name: 'Bash',
      success: true,
      was_denied: false,
      execution_time_ms: 5,
      arguments: null,
      result: null,
      error_message: null,
      group_id: null,
    };
    const prompt: PromptEvent = { ...seen, kind: 'prompt', turn_id: null, text: 'list the files' };
    appendEvents(spoolFolder(db), 'hook-1.jsonl', [prompt, call, { ...seen, kind: 'stop', status: 'completed' }]);
    const listed = await rate(db, ['--json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      total: 1,
      executions: [{ tool_name: 'Bash', untrusted: { query: 'list the files' } }],
    });
    const { executions } = JSON.parse(listed.stdout) as { executions: { execution_id: string }[] };
    expect((await rate(db, [executions[0]?.execution_id ?? '', '5'])).stdout).toContain('5 of 5: reward 1');
  });
});
