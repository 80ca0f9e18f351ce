import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examinationText } from '../../src/cli/doctor/doctor-text.ts';
import { canBeRepaired } from '../../src/cli/doctor/examine.ts';
import { journalFinding, logFindings, markFinding, schemaFinding, sqliteFinding } from '../../src/cli/doctor/file-checks.ts';
import { checked, type Examination, note, ok, problem, warning } from '../../src/cli/doctor/finding.ts';
import { missingFinding, nodeFinding, permissionFindings, settingsFindings } from '../../src/cli/doctor/surroundings.ts';
import { mergeSettings } from '../../src/cli/settings/merge.ts';
import { type Configuration, resolveSettings } from '../../src/cli/settings/resolve.ts';
import { PLAIN } from '../../src/cli/table.ts';
import type { LogShape } from '../../src/store/inspection.ts';
import { temporaryFolder } from '../helpers/engine.ts';

function configuration(file: string, read_only = false): Configuration {
  const flags = new Map<string, string | boolean>([
    ['db', file],
    ['read_only', read_only],
  ]);
  return resolveSettings(mergeSettings({ flags, env: {}, file: {}, file_path: '' }), {
    env: {},
    platform: process.platform,
    home: '/',
    cwd: '/',
  });
}

const WHOLE: LogShape = {
  head: 10,
  pruned_position: 0,
  pruned_executions: 0,
  update_count: 4,
  tool_calls: 4,
  executions: 4,
  events: 10,
  places: 10,
  last_place: 10,
  rewrite_count: 0,
  first_missing: null,
};

describe('what is found of the surroundings', () => {
  it.each([
    ['24.21.0', 'ok'],
    ['22.19.0', 'ok'],
    ['22.18.0', 'problem'],
    ['20.1.0', 'problem'],
  ])('Node %s is %s', (version, verdict) => {
    expect(nodeFinding(version).verdict).toBe(verdict);
  });

  it.each([
    ['3.54.1', 'ok'],
    ['3.51.3', 'ok'],
    ['3.51.2', 'problem'],
    ['3.8.11', 'problem'],
    ['4.0.0', 'ok'],
  ])('SQLite %s is %s', (sqlite_version, verdict) => {
    expect(sqliteFinding({ sqlite_version }).verdict).toBe(verdict);
  });

  it('settings are valid, or each fault is a finding', () => {
    expect(settingsFindings({ configuration: null, faults: [], warnings: [] })).toEqual([ok('settings', 'valid')]);
    expect(settingsFindings({ configuration: null, faults: ['a', 'b'], warnings: ['c'] })).toEqual([
      problem('settings', 'a'),
      problem('settings', 'b'),
      warning('settings', 'c'),
    ]);
  });

  it.runIf(process.getuid !== undefined)('files and folders are for their owner', () => {
    const folder = join(temporaryFolder(), 'data');
    mkdirSync(folder, { mode: 0o700 });
    const file = join(folder, 'x.db');
    writeFileSync(file, '', { mode: 0o600 });
    expect(permissionFindings(file)).toEqual([ok('permissions', 'file 600, folder 700, yours')]);
    writeFileSync(`${file}-wal`, '', { mode: 0o600 });
    chmodSync(`${file}-wal`, 0o640);
    expect(permissionFindings(file)).toEqual([
      warning('permissions', expect.stringMatching(/^others may read x\.db-wal \(mode 640\).*chmod 600 /)),
    ]);
    chmodSync(`${file}-wal`, 0o600);
    chmodSync(folder, 0o777);
    expect(permissionFindings(file)).toEqual([warning('permissions', expect.stringContaining('others may write in'))]);
    chmodSync(folder, 0o1777);
    expect(permissionFindings(file)).toEqual([ok('permissions', 'file 600, folder 1777, yours')]);
  });

  it('a database that does not exist can be made, or why not', () => {
    expect(missingFinding(join(temporaryFolder(), 'a', 'b', 'x.db')).verdict).toBe('note');
    if (process.getuid?.() === 0) return; // root may write everywhere
    expect(missingFinding('/proc/x/x.db')).toMatchObject({
      verdict: 'problem',
      told: expect.stringContaining('nothing can be made in /proc'),
    });
  });
});

describe('what is found of the file', () => {
  it('a write-ahead log above 64 MB is a warning', () => {
    const file = join(temporaryFolder(), 'x.db');
    expect(journalFinding({ journal_mode: 'wal' }, configuration(file))).toEqual(ok('journal', 'write-ahead log, 0.0 MB'));
    writeFileSync(`${file}-wal`, '');
    truncateSync(`${file}-wal`, 64 * 1024 * 1024);
    expect(journalFinding({ journal_mode: 'wal' }, configuration(file)).verdict).toBe('ok');
    truncateSync(`${file}-wal`, 64 * 1024 * 1024 + 1);
    expect(journalFinding({ journal_mode: 'wal' }, configuration(file))).toMatchObject({
      verdict: 'warning',
      told: expect.stringContaining('grown to 67 MB'),
    });
  });

  it('another journal is a warning, except where nobody may write', () => {
    const file = join(temporaryFolder(), 'x.db');
    expect(journalFinding({ journal_mode: 'delete' }, configuration(file)).verdict).toBe('warning');
    expect(journalFinding({ journal_mode: 'delete' }, configuration(file, true)).verdict).toBe('note');
  });

  it('names both versions of a schema that is not the newest', () => {
    expect(schemaFinding({ schema_version: 1 }).told).toMatch(/^version 1 of \d+$/);
  });

  it.each<[string, Parameters<typeof markFinding>[0], string, RegExp]>([
    ['is not known', null, 'note', /^number 10; how far/],
    ['agrees', { last_seq: 4, log_position: 10, rewrite_count: 0, missing_events: 0 }, 'ok', /none is missing/],
    ['is behind', { last_seq: 3, log_position: 8, rewrite_count: 0, missing_events: 0 }, 'ok', /none is missing/],
    ['is ahead', { last_seq: 6, log_position: 15, rewrite_count: 0, missing_events: 0 }, 'problem', /but 5 more had been written/],
    ['remembers a loss', { last_seq: 4, log_position: 10, rewrite_count: 0, missing_events: 3 }, 'problem', /but 3 more/],
  ])('a mark that %s', (_, mark, verdict, told) => {
    expect(markFinding(mark, WHOLE)).toMatchObject({ verdict, told: expect.stringMatching(told) });
  });

  it('a mark from before the log was rewritten says nothing', () => {
    const mark = { last_seq: 6, log_position: 15, rewrite_count: 0, missing_events: 0 };
    expect(markFinding(mark, { ...WHOLE, rewrite_count: 1 }).verdict).toBe('ok');
  });

  it.each<[string, Partial<LogShape>, string | RegExp]>([
    ['a gap', { places: 8, events: 8, first_missing: 5 }, '2 of 10 events are missing, the first of them number 5'],
    ['a place used twice', { events: 11 }, '1 events stand in a place that another has'],
    ['an event beyond the counter', { last_place: 12 }, 'there is an event number 12, but only 10 have been counted'],
    ['a lost execution', { executions: 3 }, '3 executions are there, but 4 were counted'],
    [
      'one too many after pruning',
      { pruned_executions: 2, update_count: 5, tool_calls: 5 },
      /^4 executions are there and 2 were removed as too old, but 5/,
    ],
    ['totals of the tools that are wrong', { tool_calls: 9 }, "the tools' calls add up to 9, and 4 executions were counted"],
  ])('%s is a problem', (_, change, told) => {
    expect(logFindings({ ...WHOLE, ...change })).toEqual([problem('log', typeof told === 'string' ? told : expect.stringMatching(told))]);
  });

  it('a whole log is in order, a pruned one, too', () => {
    expect(logFindings(WHOLE)).toEqual([ok('log', '10 events without a gap, 4 of them calls')]);
    const pruned = { ...WHOLE, pruned_position: 6, pruned_executions: 2, executions: 2, events: 4, places: 4 };
    expect(logFindings(pruned)).toMatchObject([{ verdict: 'ok', told: expect.stringContaining('the oldest 2 executions were removed') }]);
  });
});

describe('the report', () => {
  const clean: Examination = { database: '/x.db', findings: [ok('log', 'fine')], is_whole: true, differences: [], difference_count: 0 };

  it('is one line a check and a conclusion', () => {
    expect(examinationText({ ...clean, findings: [ok('log', 'fine'), note('values', 'unknown')] }, PLAIN)).toBe(
      [
        'Database /x.db',
        '',
        'check   result  found',
        'log     ok      fine',
        'values  note    unknown',
        '',
        'Everything is in order.',
      ].join('\n'),
    );
  });

  it('shows the values that differ and what mends them', () => {
    const differences = [{ table: 'tools', row: 'search', stored: 'total_calls 3', recomputed: 'total_calls 2' }];
    const text = examinationText(
      { ...clean, findings: [problem('learned values', '5 values differ')], differences, difference_count: 5 },
      PLAIN,
    );
    expect(text).toContain('table  row            stored   from the log\ntools  search  total_calls 3  total_calls 2\nand 4 more');
    expect(text).toMatch(/1 finding\. toolwise doctor --repair learns the values again from the log\.$/);
  });

  it.each<[string, Partial<Examination>, boolean]>([
    ['nothing is wrong', {}, false],
    ['values differ', { findings: [problem('learned values', 'x')] }, true],
    ['events are missing', { findings: [problem('newest event', 'x')] }, true],
    ['the file is damaged, too', { findings: [problem('learned values', 'x'), problem('integrity', 'y')] }, false],
    ['the file cannot be opened', { findings: [problem('database', 'x')] }, false],
    ['a part of the log was removed', { findings: [problem('log', 'x')], is_whole: false }, false],
    ['only a permission is wrong', { findings: [warning('permissions', 'x')] }, false],
  ])('where %s, a repair is offered: %j', (_, change, offered) => {
    expect(canBeRepaired({ ...clean, ...change })).toBe(offered);
    expect(examinationText({ ...clean, ...change }, PLAIN).includes('--repair')).toBe(offered);
  });

  it('has a finding for a check that could not be made', async () => {
    const broken = await checked('log', async () => {
      throw new Error('no such table');
    });
    expect(broken).toEqual([problem('log', 'could not be checked: no such table')]);
    expect(await checked('log', async () => [ok('a', ''), ok('b', '')])).toHaveLength(2);
  });
});
