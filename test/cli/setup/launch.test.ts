import { describe, expect, it } from 'vitest';
import { flagsOf, isPassing, lastingNode, type Program, scriptPath, serverFlags, startsToolwise } from '../../../src/cli/setup/launch.ts';

function program(node: string, path: string, links: Readonly<Record<string, string>> = {}): Program {
  return {
    node,
    script: '/opt/toolwise/dist/toolwise.js',
    surroundings: { platform: 'linux', env: { PATH: path }, home: '/home/ann', cwd: '/work' },
    realPath: (file) => new Map(Object.entries(links)).get(file) ?? null,
  };
}

describe('the path of Node in an entry', () => {
  const cellar = '/opt/homebrew/Cellar/node/24.1.0/bin/node';

  it('is the link on PATH that stays when Node is upgraded', () => {
    const links = { '/opt/homebrew/bin/node': cellar, [cellar]: cellar, '/usr/bin/node': '/usr/bin/node' };
    expect(lastingNode(program(cellar, '/usr/bin:/opt/homebrew/bin', links))).toBe('/opt/homebrew/bin/node');
  });

  it('is the running binary where PATH leads to another or to none', () => {
    expect(lastingNode(program(cellar, '/usr/bin', { '/usr/bin/node': '/usr/bin/node' }))).toBe(cellar);
    expect(lastingNode(program(cellar, ''))).toBe(cellar);
  });

  it.each(['/run/user/1000/fnm_multishells/7_1/bin', '/work/node_modules/.bin', '/tmp/x/bin', 'relative/bin'])(
    'is never in %s, which is gone after a while',
    (folder) => {
      expect(lastingNode(program(cellar, folder, { [`${folder}/node`]: cellar, [cellar]: cellar }))).toBe(cellar);
    },
  );
});

describe('the script of an entry', () => {
  it('is the file itself, also where npm made a link to it', () => {
    const direct = program('/n', '');
    expect(scriptPath(direct)).toBe('/opt/toolwise/dist/toolwise.js');
    const linked = { ...direct, script: '/usr/bin/toolwise', realPath: () => '/usr/lib/node_modules/toolwise/dist/toolwise.js' };
    expect(scriptPath(linked)).toBe('/usr/lib/node_modules/toolwise/dist/toolwise.js');
  });

  it('does not last in the cache of npx', () => {
    expect(isPassing('/home/ann/.npm/_npx/0a1b/node_modules/toolwise/dist/toolwise.js')).toBe(true);
    expect(isPassing('/opt/toolwise/dist/toolwise.js')).toBe(false);
  });
});

describe('the flags of an entry', () => {
  const { surroundings } = program('/n', '');

  it('are those that were given, with absolute paths', () => {
    const flags = new Map<string, string | boolean>([
      ['db', 'data/x.db'],
      ['read_only', 'true'],
      ['seed', '7'],
    ]);
    expect(serverFlags({ flags, config: '~/c.json' }, surroundings)).toEqual([
      '--config',
      '/home/ann/c.json',
      '--db',
      '/work/data/x.db',
      '--read-only=true',
      '--seed',
      '7',
    ]);
  });

  it('are read back from an entry that starts toolwise', () => {
    expect(flagsOf({ command: 'node', args: ['/a/toolwise.js', '--db', '/x.db'] })).toEqual(['--db', '/x.db']);
    expect(flagsOf({ command: 'npx', args: ['other', '--db', '/x.db'] })).toEqual([]);
  });
});

describe('an entry', () => {
  it.each([
    [{ command: 'node', args: ['/a/dist/toolwise.js'] }],
    [{ command: 'C:\\nodejs\\node.exe', args: ['C:\\a\\toolwise.js', '--db', 'x'] }],
    [{ command: 'toolwise' }],
    [{ command: 'npx', args: ['-y', 'toolwise@1.0.0'] }],
  ])('%j starts toolwise', (entry) => {
    expect(startsToolwise(entry)).toBe(true);
  });

  it.each([
    [{ command: 'node', args: ['/a/toolwise.js', 'wrap', '--', 'npx', 'other'] }],
    [{ command: 'node', args: ['/a/toolwise-like.js'] }],
    [{ command: 'node', args: [7] }],
    [{ url: 'https://toolwise' }],
    ['toolwise'],
    [null],
  ])('%j does not', (entry) => {
    expect(startsToolwise(entry)).toBe(false);
  });
});
