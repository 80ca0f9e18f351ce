import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const LONGEST_FILE = 200;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

/** `file:line  text` of every line under the folder that matches, comments left out. */
function linesWith(folder: string, pattern: RegExp): string[] {
  return filesUnder(folder).flatMap((file) =>
    linesOf(file).flatMap((line, index) => {
      const code = line.replace(/^\s*(\/?\*|\/\/).*/, '').replace(/\/\/ .*/, '');
      return pattern.test(code) ? [`${file}:${index + 1}  ${line.trim()}`] : [];
    }),
  );
}

function manifest(): { dependencies: Record<string, string>; devDependencies: Record<string, string>; version: string } {
  return JSON.parse(readFileSync('package.json', 'utf8'));
}

describe('the sources', () => {
  it('are there to be checked', () => {
    expect(filesUnder('src').length).toBeGreaterThan(30);
  });

  it('have no clock, no randomness and no process in the core', () => {
    expect(linesWith('src/core', /\bDate\b|Math\.random|performance\.|\bprocess\.|setTimeout|setInterval|\bcrypto\b|console\./)).toEqual(
      [],
    );
  });

  it('draw no unseeded random number outside the command line and the jitter of a retry', () => {
    const lines = linesWith('src', /Math\.random/).filter((line) => !/^src\/(cli|store\/sqlite-dialect\.ts)/.test(line));
    expect(lines).toEqual([]);
  });

  it('read process.* only in the command line', () => {
    expect(linesWith('src', /\bprocess\.(env|argv|stdin|stdout|exit)\b/).filter((line) => !line.startsWith('src/cli/'))).toEqual([]);
  });

  it('hold files of at most 200 lines', () => {
    const long = filesUnder('src').filter((file) => linesOf(file).length - 1 > LONGEST_FILE);
    expect(long).toEqual([]);
  });

  it('are named in kebab-case', () => {
    expect(filesUnder('src').filter((file) => !/^[a-z0-9/-]+(\.d)?\.ts$/.test(file))).toEqual([]);
  });
});

describe('schema.sql', () => {
  it('explains every column', () => {
    const columns = linesOf('schema.sql').filter((line) => /^ {2}[a-z_]+ (INTEGER|BIGINT|SMALLINT|DOUBLE PRECISION|TEXT)\b/.test(line));
    expect(columns.length).toBeGreaterThan(30);
    expect(columns.filter((line) => !/--\s*\S/.test(line))).toEqual([]);
  });

  it('is portable: no AUTOINCREMENT, trigger, pragma or STRICT', () => {
    const code = linesOf('schema.sql').map((line) => line.replace(/--.*/, ''));
    expect(code.filter((line) => /AUTOINCREMENT|TRIGGER|PRAGMA|\bSTRICT\b|WITHOUT ROWID/i.test(line))).toEqual([]);
  });
});

describe('package.json', () => {
  it('names exact versions only', () => {
    const { dependencies, devDependencies } = manifest();
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });

  it('needs nothing but the native SQLite driver at run time', () => {
    expect(Object.keys(manifest().dependencies)).toEqual(['better-sqlite3']);
  });

  it('keeps the lock from compiling the driver, whose binaries are inside its package (docs/decisions/0002)', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    expect(lock.packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false });
  });
});
