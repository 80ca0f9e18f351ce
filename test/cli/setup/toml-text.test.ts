import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { ConfigProblem } from '../../../src/cli/setup/problem.ts';
import { TOML_TEXT } from '../../../src/cli/setup/toml-text.ts';

const PATH = ['mcp_servers', 'toolwise'];
const ENTRY = { command: '/usr/bin/node', args: ['/opt/toolwise.js'] };
const { setValue, removeValue, valueAt } = TOML_TEXT;
const put = (text: string) => setValue(text, PATH, ENTRY);

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['nothing', ''],
  ['settings', 'model = "x" # mine\n'],
  [
    'other servers',
    '[mcp_servers.other]\ncommand = "x"\nargs = [\n  "[not.a.header]",\n]\n\n# about the next\n[profiles.a]\nmodel = "y"\n',
  ],
  ['no line end', 'model = "x"'],
  ['Windows line ends', 'model = "x"\r\n\r\n[mcp_servers.a]\r\ncommand = "b"\r\n'],
  ['lists of tables', '[[things]]\nname = "a"\n[[things]]\nname = "b"\n'],
];

describe('putting an entry into TOML', () => {
  it.each(TEXTS)('adds it to %s and leaves the text before it to the byte', (_, text) => {
    const after = put(text);
    expect(after.startsWith(text)).toBe(true);
    expect(valueAt(after, PATH)).toEqual(ENTRY);
    expect(put(after)).toBe(after);
  });

  it.each(TEXTS.filter(([, text]) => text === '' || text.endsWith('\n')))('gives %s back when it is taken out', (_, text) => {
    expect(removeValue(put(text), PATH)).toBe(text);
  });

  it('takes it out of the middle with its tables, and leaves what others wrote after it', () => {
    const text = `a = 1\n\n[mcp_servers.toolwise]\ncommand = "x"\n\n[mcp_servers.toolwise.env]\nK = "v"\n\n# of b\n[b]\nc = 1\n`;
    expect(removeValue(text, PATH)).toBe('a = 1\n\n# of b\n[b]\nc = 1\n');
  });

  it('changes a field and keeps what else is in the table', () => {
    const text =
      '[mcp_servers.toolwise]\n# by hand\nstartup_timeout_sec = 30\nargs = [\n  "a", # one\n  "]",\n]\ncommand = "x"\n\n[b]\nargs = 1\n';
    const after = setValue(text, [...PATH, 'args'], ['/new.js', '--db']);
    expect(after).toBe(
      '[mcp_servers.toolwise]\n# by hand\nstartup_timeout_sec = 30\nargs = [ "/new.js", "--db" ]\ncommand = "x"\n\n[b]\nargs = 1\n',
    );
    expect(setValue(text, [...PATH, 'command'], 'y')).toBe(text.replace('"x"', '"y"'));
  });

  it('finds the table however its name is quoted', () => {
    const text = '[ mcp_servers . "toolwise" ] # ours\ncommand = "x"\n';
    expect(removeValue(text, PATH)).toBe('');
  });

  it('writes Windows line ends where the file has them', () => {
    expect(put('a = 1\r\n')).not.toMatch(/[^\r]\n/);
  });

  it.each([
    ['mcp_servers = { toolwise = { command = "x" } }\n'],
    ['[mcp_servers]\ntoolwise = { command = "x" }\n'],
    ['[mcp_servers]\ntoolwise.command = "x"\n'],
    ['mcp_servers = { other = { command = "x" } }\n'],
  ])('refuses what it cannot change line by line: %j', (text) => {
    expect(parse(text)).toBeTypeOf('object');
    expect(() => put(text)).toThrow(/by hand/);
  });

  it('is not led astray by a header inside a text', () => {
    const text = 'note = """\n[mcp_servers.toolwise]\ncommand = "x"\n"""\n';
    const after = put(text);
    expect(parse(after)).toEqual({ ...parse(text), mcp_servers: { toolwise: ENTRY } });
    expect(after.startsWith(text)).toBe(true);
  });

  it('refuses a broken file and names the line', () => {
    expect(() => put('a = 1\nb = \n')).toThrow(ConfigProblem);
    try {
      put('a = 1\nb = \n');
    } catch (error) {
      expect(error).toMatchObject({ line: 2 });
    }
  });
});
