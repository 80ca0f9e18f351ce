import { describe, expect, test } from 'vitest';
import { hashText } from '../../../src/core/hashing.ts';
import { Catalogue } from '../../../src/core/learner/catalogue.ts';
import { toolNamed } from './moments.ts';

describe('the catalogue', () => {
  test('keeps the order of appearance and the latest description', () => {
    const catalogue = new Catalogue();
    for (const [name, text] of [
      ['b', 'old'],
      ['a', 'other'],
      ['b', 'new'],
    ] as const)
      catalogue.add(name, text, null);
    expect(catalogue.all().map(({ name, description }) => [name, description])).toStrictEqual([
      ['b', 'new'],
      ['a', 'other'],
    ]);
  });

  test('finds a tool that nobody knows by its name alone, and does not keep it', () => {
    const catalogue = new Catalogue();
    for (const name of ['a', '__proto__', 'constructor']) {
      expect(catalogue.find(name)).toMatchObject({ name, hash: hashText(name), description: '', parameters: [] });
      expect(catalogue.has(name)).toBe(false);
    }
    expect(catalogue.all()).toStrictEqual([]);
  });

  test('is the same after save and load', () => {
    const [first, second] = [new Catalogue(), new Catalogue()];
    first.add('files.read', 'reads', { properties: { file_name: {} } });
    first.add('__proto__', null, null);
    second.load(structuredClone(first.save()));
    expect(second.all()).toStrictEqual(first.all());
    expect(second.has('__proto__')).toBe(true);
  });
});

describe('a tool', () => {
  test.each([
    ['github__create_issue', 'github'],
    ['files.read', 'files'],
    ['mcp/github/create', 'mcp/github'],
    ['server:tool', 'server'],
    ['read_file', null],
    ['files.', null],
    ['.hidden', null],
  ])('by the name of %s is of the group %s', (name, group) => {
    expect(toolNamed(name).group).toBe(group === null ? 0 : hashText(group));
  });

  test('has the words of its parameters, whatever its schema looks like', () => {
    expect(toolNamed('t', null, { properties: { file_name: {}, maxSize: {} } }).parameters).toStrictEqual(['file', 'name', 'max', 'size']);
    for (const schema of [null, 7, 'text', {}, { properties: null }, { properties: 3 }])
      expect(toolNamed('t', null, schema).parameters).toStrictEqual([]);
  });
});
