import { describe, expect, it } from 'vitest';
import { wrapOrder } from '../../../src/cli/wrap/wrap-order.ts';

describe('the command line of wrap', () => {
  it('takes everything after -- as the command, flags too', () => {
    expect(wrapOrder(['--name', 'files', '--', 'npx', '-y', '--', '--db', 'x'])).toEqual({
      kind: 'run',
      name: 'files',
      flags: [],
      command: 'npx',
      args: ['-y', '--', '--db', 'x'],
    });
  });

  it('hands flags about settings on', () => {
    expect(wrapOrder(['--db=a.db', '--config', 'c.json', '--recorded-text', 'none', '--', 'x'])).toMatchObject({
      name: null,
      flags: ['--db', 'a.db', '--config', 'c.json', '--recorded-text', 'none'],
    });
  });

  it('prints help before --, and leaves --help after it to the command', () => {
    expect(wrapOrder(['--help'])).toMatchObject({ kind: 'help', text: expect.stringContaining('toolwise wrap [options] -- command') });
    expect(wrapOrder(['--', 'x', '--help'])).toMatchObject({ kind: 'run', args: ['--help'] });
  });

  it.each([
    [[], /there is no --;/],
    [['npx', 'server'], /"npx" stands before --/],
    [['--'], /no command after --/],
    [['--name', '--', 'x'], /--name needs a value/],
    [['--name=', '--', 'x'], /--name needs a value/],
    [['--recorded-text', 'some', '--', 'x'], /--recorded-text is "some"; give none, shape, redacted, full/],
    [['--ranker', 'reference', '--', 'x'], /"--ranker" is not a flag of wrap/],
  ])('names what is wrong and the remedy: %j', (argv, message) => {
    expect(wrapOrder(argv)).toEqual({ kind: 'misuse', text: expect.stringMatching(message) });
  });
});
