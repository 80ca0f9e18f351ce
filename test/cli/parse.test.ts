import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { type Invocation, parseCommandLine } from '../../src/cli/parse.ts';
import { settingDescriptions } from '../../src/cli/settings/schema.ts';
import { ConfigurationError } from '../../src/errors.ts';

function parse(...argv: string[]): Invocation {
  return parseCommandLine(argv, '1.2.3', COMMANDS);
}

function complaint(...argv: string[]): string {
  try {
    return `accepted: ${JSON.stringify(parse(...argv))}`;
  } catch (error) {
    return error instanceof ConfigurationError ? error.message : `another error: ${String(error)}`;
  }
}

describe('the command line', () => {
  it('serves without a word', () => {
    expect(parse()).toEqual({
      kind: 'run',
      command: 'serve',
      given: { flags: new Map(), config: undefined },
      arguments: [],
      options: new Map(),
    });
  });

  it.each([
    [['--db', 'x.db', '--ngram-length', '4', '--read-only']],
    [['serve', '--db', 'x.db', '--ngram-length=4', '--read-only']],
    [['--db', 'x.db', 'serve', '--read-only', '--ngram-length', '4']],
  ])('keeps what was given, before or after the command: %j', (argv) => {
    const flags = new Map<string, string | boolean>([
      ['db', 'x.db'],
      ['read_only', 'true'],
      ['ngram_length', '4'],
    ]);
    expect(parse(...argv)).toMatchObject({ kind: 'run', command: 'serve', given: { flags, config: undefined } });
  });

  it('knows status with --json and --config', () => {
    expect(parse('status', '--json', '--config', 'c.json', '--db', 'status')).toEqual({
      kind: 'run',
      command: 'status',
      given: { flags: new Map([['db', 'status']]), config: 'c.json' },
      arguments: [],
      options: new Map([['--json', true]]),
    });
  });

  it.each<[string[], string, string[], [string, string | true][]]>([
    [['evaluate', '--json'], 'evaluate', [], [['--json', true]]],
    [['doctor', '--repair', '--db', 'x.db'], 'doctor', [], [['--repair', true]]],
    [['backup', 'copy.db'], 'backup', ['copy.db'], []],
    [['--db', 'x.db', 'backup', '--json', 'copy.db'], 'backup', ['copy.db'], [['--json', true]]],
    [['export'], 'export', [], []],
    [['export', '-'], 'export', ['-'], []],
    [['import', 'a.jsonl', '-', '--dry-run', 'b.jsonl'], 'import', ['a.jsonl', '-', 'b.jsonl'], [['--dry-run', true]]],
    [['import', '--', '--odd', 'status'], 'import', ['--odd', 'status'], []],
    [['merge', 'other.db'], 'merge', ['other.db'], []],
    [['forget', 'session 1', '--accept-loss'], 'forget', ['session 1'], [['--accept-loss', true]]],
  ])('reads %j', (argv, command, words, options) => {
    expect(parse(...argv)).toMatchObject({ kind: 'run', command, arguments: words, options: new Map(options) });
  });

  it('knows an option with a value, and one with choices, when a command has them', () => {
    const wrap: Command = {
      name: 'relay',
      about: 'relay a server',
      arguments: [{ name: '<command...>', about: 'what to start' }],
      options: [
        { flag: '--name <name>', about: 'a name' },
        { flag: '--format <format>', about: 'a format', choices: ['jsonl', 'otlp'] },
      ],
      run: async () => 0,
    };
    const run = (...argv: string[]) => parseCommandLine(argv, '1', [...COMMANDS, wrap]);
    expect(run('relay', '--name', 'n', '--format=otlp', '--', 'node', '--read-only', 'serve')).toMatchObject({
      command: 'relay',
      arguments: ['node', '--read-only', 'serve'],
      options: new Map([
        ['--name', 'n'],
        ['--format', 'otlp'],
      ]),
    });
    expect(() => run('relay', '--format', 'xml', 'x')).toThrow(/xml.*jsonl, otlp; see toolwise relay --help$/);
  });

  it('has a flag for every setting', () => {
    for (const { flag, kind, name } of settingDescriptions()) {
      const invocation = parse(...(kind === 'boolean' ? [flag] : [flag, '7']));
      expect(invocation).toMatchObject({ kind: 'run', given: { flags: new Map([[name, kind === 'boolean' ? 'true' : '7']]) } });
    }
  });

  it.each<[string[], string | boolean]>([
    [['--read-only'], 'true'],
    [['--read-only=true'], 'true'],
    [['--read-only=false'], 'false'],
    [['--read-only', 'false', 'serve'], 'false'],
    [['--read-only', 'serve'], 'true'],
    [['serve', '--no-read-only'], false],
    [['--read-only', '--no-read-only'], false],
    [['--read-only=perhaps'], 'perhaps'],
  ])('reads the switch in %j', (argv, value) => {
    expect(parse(...argv)).toMatchObject({ kind: 'run', command: 'serve', given: { flags: new Map([['read_only', value]]) } });
  });

  it('takes a negative number as the value of a flag', () => {
    expect(parse('--seed', '-1')).toMatchObject({ given: { flags: new Map([['seed', '-1']]) } });
  });

  it.each([[['--help']], [['-h']], [['serve', '--help']], [['status', '--help']], [['--db', 'x', '--help']], [['help']]])(
    '%j prints help',
    (argv) => {
      expect(parse(...argv)).toMatchObject({ kind: 'print', text: expect.stringContaining('Usage: toolwise') });
    },
  );

  it.each(COMMANDS.map(({ name, about }) => [name, about] as const))(
    'prints what %s does, takes and how to name the database',
    (name, about) => {
      const { text } = parse(name, '--help') as Extract<Invocation, { kind: 'print' }>;
      expect(text).toContain(`Usage: toolwise ${name}`);
      expect(text).toContain(about);
      expect(text).toContain('--db <file>');
      const command = COMMANDS.find((candidate) => candidate.name === name);
      for (const told of [...(command?.arguments ?? []), ...(command?.options ?? [])])
        expect(text.replace(/\s+/g, ' ')).toContain(told.about);
    },
  );

  it('prints the help of a command after the word help', () => {
    expect(parse('help', 'status')).toMatchObject({ kind: 'print', text: expect.stringContaining('Usage: toolwise status') });
  });

  it('prints every flag and command in --help', () => {
    const { text } = parse('--help') as Extract<Invocation, { kind: 'print' }>;
    for (const { flag } of settingDescriptions()) expect(text).toContain(`${flag} `);
    for (const { name } of COMMANDS) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each([[['--version']], [['-V']]])('%j prints the version', (argv) => {
    expect(parse(...argv)).toEqual({ kind: 'print', text: '1.2.3\n' });
  });

  it.each<[string[], string]>([
    [['--red-only'], 'unknown flag "--red-only"; the nearest is --read-only'],
    [['serve', '--toolset=agent'], 'unknown flag "--toolset=agent"; the nearest is --toolsets'],
    [
      ['--json'],
      'serve does not take --json; it belongs to status, evaluate, doctor, backup, export, import, collect, merge, forget, rate',
    ],
    [['status', '--repair'], 'status does not take --repair; it belongs to doctor'],
    [['doctor', '--repare'], 'unknown flag "--repare"; the nearest is --repair'],
    [['docter'], 'unknown command "docter"; the nearest is doctor'],
    [['backup'], "missing required argument 'file'; see toolwise backup --help"],
    [['import'], "missing required argument 'file'; see toolwise import --help"],
    [['backup', 'a', 'b'], "too many arguments for 'backup'. Expected 1 argument but got 2: a, b; see toolwise backup --help"],
    [['stauts'], 'unknown command "stauts"; the nearest is status'],
    [['--db', 'x.db', 'sreve'], 'unknown command "sreve"; the nearest is serve'],
    [['help', 'stauts'], 'unknown command "stauts"; the nearest is status'],
    [['hlep'], 'unknown command "hlep"; the nearest is help'],
    [['serve', 'status'], '"serve status" are two commands; give one'],
    [['status', 'now'], 'unknown command "now"; the nearest is hook'],
    [['--db'], "option '--db <file>' argument missing; see toolwise --help"],
  ])('%j is refused', (argv, message) => {
    expect(complaint(...argv)).toBe(message);
  });
});
