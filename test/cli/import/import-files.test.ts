import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourcesOf } from '../../../src/cli/import/sources.ts';
import { contentOf, firstValueOf, rowsOf } from '../../helpers/database-file.ts';
import { asOpenAi, asToolwiseLines, type NextToolSession } from '../../helpers/next-tool.ts';
import { temporaryDatabase, temporaryDirectory } from '../../helpers/temporary.ts';
import { FIXTURES, fileOf, imported, tablesOf } from './support.ts';

const ALL = ['claude-code', 'codex', 'openai/conversations.jsonl', 'openai/messages.json', 'otlp/traces.jsonl'].map((name) =>
  join(FIXTURES, name),
);

function sessionsIn(file: string): NextToolSession[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as NextToolSession);
}

describe('an import of all formats at once', () => {
  it('tells each file’s format, counts what it cannot use, and adds nothing the second time', async () => {
    const db = temporaryDatabase();
    const first = await imported(db, ALL);
    expect(first.formats).toEqual({ 'claude-code': 2, codex: 2, openai: 2, otlp: 1 });
    expect(first).toMatchObject({
      known: 0,
      bad_count: 1,
      bad: [{ file: expect.stringContaining('session.jsonl'), line: 17, reason: expect.stringContaining('not JSON') }],
    });
    expect(first.told).toMatchObject({ calls: 23, sessions: 8 });
    expect(firstValueOf(db, 'SELECT count(*) FROM executions')).toBe(23);
    const before = contentOf(db);
    expect(await imported(db, ALL)).toMatchObject({ added: 0, known: first.added });
    expect(contentOf(db)).toBe(before);
  });

  it('counts the lines of a transcript that has prompts only', async () => {
    const prompt = (content: string) => ({ type: 'user', sessionId: 's', message: { role: 'user', content } });
    const file = fileOf('prompts.jsonl', [prompt('Find it'), prompt('Fix it'), prompt('Push it')]);
    expect(await imported(temporaryDatabase(), [file])).toMatchObject({ lines: 3, added: 0, bad_count: 0 });
  });

  it('as a trial writes nothing and says the same', async () => {
    const db = temporaryDatabase();
    const trial = await imported(db, ALL, { dry_run: true });
    expect(existsSync(db)).toBe(false);
    const done = await imported(db, ALL);
    expect({ ...trial, dry_run: false }).toEqual(done);
    expect(await imported(db, ALL, { dry_run: true })).toMatchObject({ added: 0, known: done.added });
  });

  it('keeps what a transcript says: ids of calls, the request, the outcome of a turn', async () => {
    const db = temporaryDatabase();
    await imported(db, [join(FIXTURES, 'claude-code')]);
    expect(firstValueOf(db, "SELECT count(*) FROM executions WHERE execution_id LIKE 'toolu_01Fixture%'")).toBe(7);
    const outcomes = rowsOf(
      db,
      'SELECT s.name, e.outcome, e.length FROM episodes AS e JOIN sessions AS s USING (session_id) ORDER BY s.name, episode_seq',
    );
    expect(outcomes.map(({ name, outcome, length }) => `${String(name).slice(-4)} ${outcome} ${length}`)).toEqual(
      ['0001 success 4', '0001 failure 1', '0001 partial 1', 'b2c3 success 1'].toSorted((a, b) => (a.slice(0, 4) < b.slice(0, 4) ? -1 : 0)),
    );
  });
});

describe('the sessions of next-tool', () => {
  const shared = ['bfcl_mt', 'tau_airline']
    .map((name) => `/work/shared/data/next-tool/${name}.sessions.jsonl`)
    .filter((file) => existsSync(file));
  if (shared.length < 2) console.warn('the shared sessions are not there: only the copied ones are compared');

  it.each([join(FIXTURES, 'openai/next-tool.jsonl'), ...shared])(
    'give the same tables as OpenAI messages and as toolwise lines: %s',
    async (file) => {
      const sessions = sessionsIn(file).slice(0, 40);
      const [one, other] = [temporaryDatabase(), temporaryDatabase()];
      const messages = await imported(one, [fileOf('messages.jsonl', sessions.map(asOpenAi))]);
      const lines = await imported(other, [fileOf('lines.jsonl', sessions.flatMap(asToolwiseLines))]);
      expect([messages.bad_count, lines.bad_count]).toEqual([0, 0]);
      expect([messages.formats, lines.formats]).toEqual([{ openai: 1 }, { jsonl: 1 }]);
      expect(messages.added).toBe(lines.added);
      expect(tablesOf(one)).toEqual(tablesOf(other));
    },
    60_000,
  );
});

describe('lists of tools', () => {
  it('of unknown time are known the second time, also where files describe a tool differently', async () => {
    const db = temporaryDatabase();
    const offering = (description: string) => ({
      messages: [{ role: 'user', content: description }],
      tools: [{ type: 'function', function: { name: 'x', description } }],
    });
    const files = [fileOf('a.jsonl', [offering('one'), offering('two')]), fileOf('b.jsonl', [offering('three')])];
    await imported(db, files);
    expect(await imported(db, files)).toMatchObject({ added: 0 });
    expect(await imported(db, files.slice(0, 1))).toMatchObject({ added: 0 });
  });
});

describe('a source', () => {
  it('whose format is unknown is reported with what was found, and the others are read', async () => {
    const [odd, good] = [fileOf('odd.jsonl', [{ a: 1, b: 2 }]), fileOf('good.jsonl', [[{ role: 'user', content: 'x' }]])];
    const { bad, bad_count, formats } = await imported(temporaryDatabase(), [odd, good]);
    expect({ bad_count, formats }).toEqual({ bad_count: 1, formats: { openai: 1 } });
    expect(bad[0]?.reason).toBe('no known format (found an object with a, b); name one with --format claude-code|codex|openai|otlp|jsonl');
  });

  it('that is empty is no mistake', async () => {
    expect(await imported(temporaryDatabase(), [fileOf('empty.jsonl', ['', ''])])).toMatchObject({ added: 0, bad_count: 0 });
  });

  it('in a format that was named is read as that', async () => {
    const lines = [{ type: 'user', message: { content: 'x' } }, { role: 'user' }];
    expect((await imported(temporaryDatabase(), [fileOf('x.jsonl', lines)], { format: 'claude-code' })).bad).toMatchObject([
      { line: 2, reason: 'it is no line of a Claude Code transcript: it has no type' },
    ]);
  });

  it('may be nested as deep as it likes', async () => {
    const deep = `{"role":"user","content":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const { bad } = await imported(temporaryDatabase(), [fileOf('deep.jsonl', [{ role: 'user', content: 'x' }, deep])]);
    expect(bad).toMatchObject([{ line: 2, reason: 'it is nested deeper than 200 levels' }]);
  });
});

describe('the files that are meant', () => {
  it('by a folder are its .jsonl files, subagents included, results of tools not', async () => {
    const files = await sourcesOf([join(FIXTURES, 'claude-code'), join(FIXTURES, 'claude-code', 'session.jsonl')]);
    expect(files.map((file) => file.slice(FIXTURES.length))).toEqual([
      '/claude-code/session.jsonl',
      '/claude-code/subagents/agent-a1b2c3.jsonl',
    ]);
  });

  it('must be there before anything is read', async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, 'there'), '');
    expect(await sourcesOf([join(folder, 'there'), '-'])).toHaveLength(2);
    await expect(sourcesOf([join(folder, 'there'), join(folder, 'none')])).rejects.toThrow(/none cannot be read \(ENOENT\)/);
    await expect(sourcesOf([folder])).rejects.toThrow('has no files that end in .jsonl');
  });
});
