import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { StorageError } from '../../src/errors.ts';
import { openDatabase } from '../../src/store/database.ts';
import { warnOfSharedFolder } from '../../src/store/open-file.ts';
import { temporaryFolder } from '../helpers/engine.ts';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

function said() {
  const messages: string[] = [];
  return { messages, log: { warn: (message: string) => void messages.push(message) } };
}

async function refusal(file: string): Promise<string> {
  const error: unknown = await openDatabase(file).then(
    (database) => database.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StorageError);
  return String(error);
}

describe('the path of a database', () => {
  test.each([
    ['', /empty/],
    ['   ', /empty/],
    ['/tmp/a\0b.db', /NUL/],
    ['file:x.db?mode=ro', /file: address/],
    ['x.db', /relative/],
    ['../x.db', /relative/],
    ['/dev/null', /not a file/],
    ['/dev/zero', /not a file/],
    ['/tmp', /folder/],
  ])('%j is refused', async (path, why) => {
    expect(await refusal(path)).toMatch(why);
    expect(existsSync('x.db') || existsSync('file:x.db?mode=ro')).toBe(false);
  });

  test('that is a symbolic link is refused, also one that leads nowhere; what it leads to stays as it is', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'target.db');
    symlinkSync(target, join(folder, 'link.db'));
    expect(await refusal(join(folder, 'link.db'))).toMatch(/symbolic link/);
    expect(existsSync(target)).toBe(false);
    writeFileSync(target, '');
    expect(await refusal(join(folder, 'link.db'))).toMatch(/symbolic link/);
    expect(readFileSync(target, 'utf8')).toBe('');
  });

  test('through a folder that is a symbolic link is fine', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    await (await openDatabase(join(folder, 'linked', 'x.db'))).close();
    expect(statSync(join(folder, 'real', 'x.db')).isFile()).toBe(true);
  });

  test.skipIf(!isRoot)('that leads to a file or a folder of another user is refused, and nothing is written', async () => {
    const folder = temporaryFolder();
    const [file, theirs] = [join(folder, 'x.db'), join(folder, 'theirs')];
    writeFileSync(file, '');
    chownSync(file, NOBODY, NOBODY);
    expect(await refusal(file)).toMatch(/file belongs to another user/);
    mkdirSync(theirs);
    chownSync(theirs, NOBODY, NOBODY);
    expect(await refusal(join(theirs, 'x.db'))).toMatch(/folder of the database belongs to another user/);
    expect([statSync(file).size, existsSync(join(theirs, 'x.db'))]).toEqual([0, false]);
  });

  test('in a folder that all may write to is warned about, unless only owners may remove files there', () => {
    const folder = temporaryFolder();
    const { messages, log } = said();
    chmodSync(folder, 0o1777);
    warnOfSharedFolder(join(folder, 'x.db'), log);
    expect(messages).toEqual([]);
    chmodSync(folder, 0o777);
    warnOfSharedFolder(join(folder, 'x.db'), log);
    expect(messages).toEqual([expect.stringMatching(/every user of this machine can replace the database.*chmod o-w/)]);
  });
});

describe('the permissions of a database', () => {
  test('are the owner’s alone: the file, what SQLite keeps beside it, the mark, and folders that are made', async () => {
    const file = join(temporaryFolder(), 'a', 'b', 'x.db');
    const database = await openDatabase(file);
    await database.write(async (trx) => void (await trx.selectFrom('tools').selectAll().execute()));
    const modes = [file, `${file}-wal`, `${file}-shm`, join(file, '..'), join(file, '..', '..')].map((path) => statSync(path).mode & 0o777);
    await database.close();
    expect([...modes, statSync(`${file}-mark`).mode & 0o777]).toEqual([0o600, 0o600, 0o600, 0o700, 0o700, 0o600]);
  });

  test('that were wider are tightened, and that is said once', async () => {
    const file = join(temporaryFolder(), 'x.db');
    await (await openDatabase(file)).close();
    chmodSync(file, 0o644);
    const { messages, log } = said();
    for (let start = 0; start < 2; start++) {
      const database = await openDatabase(file, { log });
      expect([file, `${file}-wal`, `${file}-shm`].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
      await database.close();
    }
    expect(messages).toEqual([expect.stringMatching(/other users could read .*mode 644.*now only its owner can/)]);
  });

  test('of a file that is only read, or another program’s, stay as they are', async () => {
    const [own, foreign] = [join(temporaryFolder(), 'x.db'), join(temporaryFolder(), 'y.db')];
    await (await openDatabase(own)).close();
    new Sqlite(foreign).exec('CREATE TABLE theirs (x)').close();
    for (const file of [own, foreign]) chmodSync(file, 0o644);
    await (await openDatabase(own, { read_only: true })).close();
    await refusal(foreign);
    expect([own, foreign].map((file) => statSync(file).mode & 0o777)).toEqual([0o644, 0o644]);
  });
});
