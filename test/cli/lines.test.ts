import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/cli/read-lines.ts';
import { megabytes } from '../../src/cli/sizes.ts';
import { saveLines } from '../../src/cli/write-lines.ts';
import { temporaryFolder } from '../helpers/engine.ts';

async function readAll(content: string | Buffer): Promise<string[]> {
  const path = join(temporaryFolder(), 'lines');
  writeFileSync(path, content);
  const lines: string[] = [];
  for await (const line of linesOf(path)) lines.push(line);
  return lines;
}

async function* given(...lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('reading lines', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['a', ['a']],
    ['a\nb\n', ['a', 'b']],
    ['a\r\n\r\nb', ['a', '', 'b']],
    ['\n\n', ['', '']],
  ])('of %j', async (content, lines) => {
    expect(await readAll(content)).toEqual(lines);
  });

  it('keeps characters whole that lie across two chunks of the file', async () => {
    const line = `${'x'.repeat(65_535)}é€😀`;
    expect(await readAll(`${line}\n${line}`)).toEqual([line, line]);
  });

  it('passes a byte order mark at the start over', async () => {
    expect(await readAll('\uFEFF{}\n')).toEqual(['{}']);
  });

  it('cuts a line that would fill the memory, and goes on after it', async () => {
    const [long = '', next] = await readAll(`${'x'.repeat(20_000_000)}\nnext\n`);
    expect(long.length).toBe(16 * 1024 * 1024);
    expect(next).toBe('next');
  });

  it('tells how many bytes it has read', async () => {
    const path = join(temporaryFolder(), 'lines');
    writeFileSync(path, 'é\n'.repeat(100_000));
    const told: number[] = [];
    for await (const _ of linesOf(path, (bytes) => told.push(bytes)));
    expect(told.at(-1)).toBe(300_000);
    expect(told.length).toBeGreaterThan(1);
  });
});

describe('writing lines', () => {
  it('makes a file for its owner only', async () => {
    const path = join(temporaryFolder(), 'out');
    expect(await saveLines(given('a', 'b'), path)).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('never overwrites', async () => {
    const path = join(temporaryFolder(), 'out');
    writeFileSync(path, 'mine');
    await expect(saveLines(given('a'), path)).rejects.toThrow('exists already; name a file that does not');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('leaves no half file behind', async () => {
    const path = join(temporaryFolder(), 'out');
    async function* failing(): AsyncGenerator<string> {
      yield 'a'.repeat(100_000);
      throw new Error('the disk is on fire');
    }
    await expect(saveLines(failing(), path)).rejects.toThrow('on fire');
    expect(() => statSync(path)).toThrow('ENOENT');
    await expect(saveLines(given('a'), join(path, 'in', 'none'))).rejects.toThrow('cannot be made (ENOENT)');
  });
});

it.each([
  [0, '0.0 MB'],
  [1_234_567, '1.2 MB'],
  [64 * 1024 * 1024, '67 MB'],
  [12_345_000_000, '12,345 MB'],
])('%d bytes are %s', (bytes, text) => {
  expect(megabytes(bytes)).toBe(text);
});
