import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { JSON_TEXT } from '../../../src/cli/setup/json-text.ts';
import { ConfigProblem } from '../../../src/cli/setup/problem.ts';

const PATH = ['mcpServers', 'toolwise'];
const ENTRY = { command: '/usr/bin/node', args: ['/opt/toolwise.js'] };
const { setValue, removeValue, valueAt } = JSON_TEXT;

const put = (text: string) => setValue(text, PATH, ENTRY);

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['nothing', ''],
  ['an empty object', '{}'],
  ['an empty object over lines', '{\n}\n'],
  ['other settings', '{\n  "theme": "dark" // mine\n}\n'],
  ['other servers', '{\n    "mcpServers": {\n        "other": { "command": "x" }\n    },\n    "last": 1\n}'],
  ['no servers yet', '{\n\t"mcpServers": {},\n\t"x": [1, 2]\n}\n'],
  ['trailing commas', '{\n  "mcpServers": {\n    "a": {"command": "b",}, // why\n  },\n}\n'],
  ['comments at the end', '{\n  "mcpServers": {\n    "a": {} // one\n    // two\n    /* three */\n  }\n}\n'],
  ['a comment in the empty list', '{\n  "mcpServers": {\n    // none yet\n  }\n}\n'],
  ['one line', '{"mcpServers":{"a":{"command":"b"}},"x":1}'],
  ['servers on one line', '{\n  "mcpServers": { "a": { "command": "b" } }\n}\n'],
  ['Windows line ends', '{\r\n  "mcpServers": {\r\n    "a": {}\r\n  }\r\n}\r\n'],
  ['comments around all', '// head\n{\n  "a": "// no comment, {}"\n}\n// tail\n'],
];

/** Whether every character is still there, in its order. */
function keptIn(text: string, after: string): boolean {
  let at = -1;
  return [...text.trim()].every((character) => {
    at = after.indexOf(character, at + 1);
    return at !== -1;
  });
}

describe('putting an entry into JSON', () => {
  it.each(TEXTS)('adds it to %s and touches nothing else', (_, text) => {
    const after = put(text);
    expect(valueAt(after, PATH)).toEqual(ENTRY);
    const before = parse(text) as Record<string, unknown> | undefined;
    expect(parse(after)).toEqual({ ...before, mcpServers: { ...(before?.['mcpServers'] as object | undefined), toolwise: ENTRY } });
    expect(keptIn(text, after)).toBe(true);
  });

  it.each(TEXTS)('changes %s once only', (_, text) => {
    const after = put(text);
    expect(put(after)).toBe(after);
  });

  it.each(TEXTS.filter(([, text]) => text.includes('mcpServers')))('gives %s back when it is taken out', (_, text) => {
    expect(removeValue(put(text), PATH)).toBe(text);
  });

  it.each([
    ['tabs', '{\n\t"a": 1\n}', '\n\t"mcpServers": {\n\t\t"toolwise": {\n\t\t\t"command"'],
    ['four blanks', '{\n    "a": 1\n}', '\n    "mcpServers": {\n        "toolwise": {\n            "command"'],
    ['Windows line ends', '{\r\n  "a": 1\r\n}', '\r\n  "mcpServers": {\r\n    "toolwise": {\r\n      "command"'],
  ])('keeps to %s', (_, text, part) => {
    expect(put(text)).toContain(part);
    if (text.includes('\r\n')) expect(put(text)).not.toMatch(/[^\r]\n/);
  });

  it('leaves a comment with the member it belongs to', () => {
    expect(put('{\n  "mcpServers": {\n    "a": {} // about a\n  }\n}')).toContain('"a": {}, // about a\n    "toolwise"');
  });

  it('changes only the field that differs', () => {
    const text = put('{}').replace('"command"', '// by hand\n      "env": {"K": "v"},\n      "command"');
    const after = setValue(text, [...PATH, 'command'], '/other/node');
    expect(after).toBe(text.replace('/usr/bin/node', '/other/node'));
  });

  it('takes out a member in the middle, the first and the last', () => {
    const text = '{\n  "a": 1, // one\n  "b": 2,\n  "c": 3\n}';
    expect(removeValue(text, ['a'])).toBe('{ // one\n  "b": 2,\n  "c": 3\n}');
    expect(removeValue(text, ['b'])).toBe('{\n  "a": 1, // one\n  "c": 3\n}');
    expect(removeValue(text, ['c'])).toBe('{\n  "a": 1, // one\n  "b": 2\n}');
    expect(removeValue(text, ['d'])).toBe(text);
  });

  it('never comments the rest of a line out', () => {
    const after = removeValue('{ "a": 1 // one\n, "b": 2 }', ['b']);
    expect(parse(after)).toEqual({ a: 1 });
  });

  it('uses the last of two members of one name, as JSON.parse does', () => {
    expect(valueAt(setValue('{"a": {"x": 1}, "a": {"y": 2}}', ['a', 'z'], 3), ['a'])).toEqual({ y: 2, z: 3 });
  });

  it('is not led astray by a name of the language', () => {
    expect(valueAt('{}', ['__proto__', 'x'])).toBeUndefined();
    expect(setValue('{}', ['constructor'], 1)).toContain('"constructor": 1');
  });

  it.each([
    ['{\n  "a": 1,\n  oops\n}', 3],
    ['{"a": }', 1],
    ['{\n"a": 1', 2],
    ['not json', 1],
  ])('refuses %j and names the line', (text, line) => {
    expect(() => put(text)).toThrow(ConfigProblem);
    try {
      put(text);
    } catch (error) {
      expect(error).toMatchObject({ line });
    }
  });

  it.each([
    ['{\n  "mcpServers": null\n}', /"mcpServers" is null/],
    ['{"mcpServers": []}', /"mcpServers" is of type array/],
    ['[]', /the whole/],
  ])('refuses %j, where no entry can be', (text, message) => {
    expect(() => put(text)).toThrow(message);
  });

  it('adds to and takes from any JSON, and leaves the rest as it was', () => {
    const names = fc.string({ maxLength: 6 }).filter((name) => name !== '__proto__');
    const anyObject = fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
    fc.assert(
      fc.property(anyObject, fc.constantFrom(undefined, 1, 4, '\t'), (value, indent) => {
        const before = JSON.stringify({ ...value, mcpServers: { other: value } }, null, indent);
        const after = put(before);
        expect(JSON.parse(after)).toEqual({
          ...JSON.parse(before),
          mcpServers: { other: JSON.parse(JSON.stringify(value)), toolwise: ENTRY },
        });
        expect(removeValue(after, PATH)).toBe(before);
      }),
    );
  });
});
