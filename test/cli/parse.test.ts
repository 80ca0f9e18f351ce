import { describe, expect, it } from 'vitest';
import { type Invocation, parseCommandLine } from '../../src/cli/parse.ts';
import { settingDescriptions } from '../../src/cli/settings/schema.ts';
import { ConfigurationError } from '../../src/errors.ts';

function parse(...argv: string[]): Invocation {
  return parseCommandLine(argv, '1.2.3');
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
    expect(parse()).toEqual({ kind: 'run', command: 'serve', flags: new Map(), config: undefined, json: false });
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
    expect(parse(...argv)).toEqual({ kind: 'run', command: 'serve', flags, config: undefined, json: false });
  });

  it('knows status with --json and --config', () => {
    expect(parse('status', '--json', '--config', 'c.json', '--db', 'status')).toEqual({
      kind: 'run',
      command: 'status',
      flags: new Map([['db', 'status']]),
      config: 'c.json',
      json: true,
    });
  });

  it('knows evaluate with --json', () => {
    expect(parse('evaluate', '--json')).toMatchObject({ kind: 'run', command: 'evaluate', json: true });
    expect(parse('evaluate')).toMatchObject({ kind: 'run', command: 'evaluate', json: false });
  });

  it('has a flag for every setting', () => {
    for (const { flag, kind, name } of settingDescriptions()) {
      const invocation = parse(...(kind === 'boolean' ? [flag] : [flag, '7']));
      expect(invocation).toMatchObject({ kind: 'run', flags: new Map([[name, kind === 'boolean' ? 'true' : '7']]) });
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
    expect(parse(...argv)).toMatchObject({ kind: 'run', command: 'serve', flags: new Map([['read_only', value]]) });
  });

  it('takes a negative number as the value of a flag', () => {
    expect(parse('--seed', '-1')).toMatchObject({ flags: new Map([['seed', '-1']]) });
  });

  it.each([[['--help']], [['-h']], [['serve', '--help']], [['status', '--help']], [['--db', 'x', '--help']], [['help']]])(
    '%j prints help',
    (argv) => {
      expect(parse(...argv)).toMatchObject({ kind: 'print', text: expect.stringContaining('Usage: toolwise') });
    },
  );

  it('prints the help of a command after the word help', () => {
    expect(parse('help', 'status')).toMatchObject({ kind: 'print', text: expect.stringContaining('Usage: toolwise status') });
  });

  it('prints every flag and command in --help', () => {
    const { text } = parse('--help') as Extract<Invocation, { kind: 'print' }>;
    for (const { flag } of settingDescriptions()) expect(text).toContain(`${flag} `);
    expect(text).toMatch(/serve .*\n?.*status .*\n?.*evaluate/s);
  });

  it.each([[['--version']], [['-V']]])('%j prints the version', (argv) => {
    expect(parse(...argv)).toEqual({ kind: 'print', text: '1.2.3\n' });
  });

  it.each<[string[], string]>([
    [['--red-only'], 'unknown flag "--red-only"; the nearest is --read-only'],
    [['serve', '--toolset=agent'], 'unknown flag "--toolset=agent"; the nearest is --toolsets'],
    [['--json'], 'unknown flag "--json"; the nearest is --json'],
    [['stauts'], 'unknown command "stauts"; the nearest is status'],
    [['--db', 'x.db', 'sreve'], 'unknown command "sreve"; the nearest is serve'],
    [['help', 'stauts'], 'unknown command "stauts"; the nearest is status'],
    [['hlep'], 'unknown command "hlep"; the nearest is help'],
    [['serve', 'status'], '"serve status" are two commands; give one'],
    [['status', 'now'], 'unknown command "now"; the nearest is help'],
    [['--db'], "option '--db <file>' argument missing; see toolwise --help"],
  ])('%j is refused', (argv, message) => {
    expect(complaint(...argv)).toBe(message);
  });
});
