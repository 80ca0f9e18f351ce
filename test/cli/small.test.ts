import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkDatabaseFile } from '../../src/cli/data-folder.ts';
import { createLogger, type LogLevel } from '../../src/cli/logger.ts';
import { type Column, colourful, PLAIN, table } from '../../src/cli/table.ts';
import { makeFolder } from '../../src/store/make-folder.ts';
import { makeDataFolder } from '../../src/store/open-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'toolwise-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the data folder', () => {
  it('is made with its parents, for its owner only', () => {
    const file = join(folder, 'a', 'b', 'toolwise.db');
    makeDataFolder(file);
    expect([statSync(join(folder, 'a')).mode & 0o777, statSync(join(folder, 'a', 'b')).mode & 0o777]).toEqual([0o700, 0o700]);
    expect(existsSync(file)).toBe(false);
  });

  it('that cannot be made is an error of the storage', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeDataFolder(join(folder, 'file', 'x.db'))).toThrow(expect.objectContaining({ name: 'StorageError', code: 'unusable' }));
  });

  it.runIf(existsSync('/proc/self'))('that the system does not make, without an end, is an error too', () => {
    expect(() => makeFolder('/proc/nope/x')).toThrow(expect.objectContaining({ name: 'StorageError', code: 'unusable' }));
  });

  it('is not needed for :memory:, and a folder is no database', () => {
    checkDatabaseFile(':memory:');
    checkDatabaseFile(join(folder, 'none.db'));
    expect(() => checkDatabaseFile(folder)).toThrow('is not a file');
    expect(() => checkDatabaseFile('/dev/null')).toThrow('is not a file');
  });
});

describe('the logger', () => {
  it.each<[LogLevel, string[]]>([
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ])('at %s says %j', (level, said) => {
    const lines: string[] = [];
    const log = createLogger(level, (text) => lines.push(text));
    log.info('i');
    log.warn('w');
    log.error('e');
    expect(lines).toEqual(said.map((name) => `toolwise ${name}: ${name.charAt(0)}\n`));
  });

  it('shows the cause with its stack', () => {
    const lines: string[] = [];
    createLogger('warn', (text) => lines.push(text)).error('it broke', new TypeError('why'));
    expect(lines.join('')).toMatch(/^toolwise error: it broke\nTypeError: why\n\s+at /);
  });
});

describe('the table', () => {
  const columns: readonly Column<{ name: string; count: number }>[] = [
    { title: 'name', align: 'left', cell: (row) => row.name },
    { title: 'n', align: 'right', cell: (row) => String(row.count) },
  ];

  it('is aligned, as wide as it must be, without trailing spaces', () => {
    const rows = [
      { name: 'read', count: 5 },
      { name: 'write_all', count: 1234 },
    ];
    expect(table(columns, rows, PLAIN)).toBe(['name          n', 'read          5', 'write_all  1234'].join('\n'));
    expect(table(columns.toReversed(), rows, PLAIN).split('\n')).toEqual(['   n  name', '   5  read', '1234  write_all']);
  });

  it('has a head also without rows', () => {
    expect(table(columns, [], PLAIN)).toBe('name  n');
  });

  it('is coloured only when that is wanted', () => {
    expect(colourful(false).bold('x')).toBe('x');
    expect(colourful(true).bold('x')).not.toBe('x');
  });
});
