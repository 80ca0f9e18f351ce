import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configPath, readConfigFile } from '../../../src/cli/settings/config-file.ts';
import { mergeSettings, type Sources } from '../../../src/cli/settings/merge.ts';
import { databasePath, defaultDatabase, type Surroundings } from '../../../src/cli/settings/paths.ts';
import { type Configuration, resolveSettings } from '../../../src/cli/settings/resolve.ts';
import { SETTING_NAMES, settingDescriptions } from '../../../src/cli/settings/schema.ts';
import { DEFAULTS, DOMAIN_KEYWORDS, HYPERPARAMETERS } from '../../../src/core/hyperparameters.ts';
import { STORAGE_DEFAULTS } from '../../../src/engine/settings.ts';
import { ConfigurationError } from '../../../src/errors.ts';

const LINUX: Surroundings = { env: {}, platform: 'linux', home: '/home/ann', cwd: '/work' };
const UNFILLED = '$' + '{user_config.rate}';

function sources(given: Partial<Sources>): Sources {
  return { flags: new Map(), env: {}, file: {}, file_path: 'c.json', ...given };
}

function resolved(given: Partial<Sources>): Configuration {
  return resolveSettings(mergeSettings(sources(given)), LINUX);
}

function complaint(work: () => unknown): string {
  try {
    return `accepted: ${JSON.stringify(work())}`;
  } catch (error) {
    return error instanceof ConfigurationError ? error.message : `another error: ${String(error)}`;
  }
}

describe('merging', () => {
  it('lets flags win over variables, variables over the file, the file over defaults', () => {
    const merged = mergeSettings(
      sources({
        flags: new Map([['seed', '1']]),
        env: { TOOLWISE_SEED: '2', TOOLWISE_BATCH_SIZE: '20' },
        file: { seed: 3, batch_size: 30, ngram_length: 4 },
      }),
    );
    expect(merged.values).toEqual({ seed: 1, batch_size: 20, ngram_length: 4 });
    expect([...merged.origins]).toEqual([
      ['seed', '--seed'],
      ['batch_size', 'TOOLWISE_BATCH_SIZE'],
      ['ngram_length', 'ngram_length in c.json'],
    ]);
    expect(merged.warnings).toEqual([]);
  });

  it('reads text as the type of the setting, and leaves it as it is where it does not read so', () => {
    const env = {
      TOOLWISE_READ_ONLY: 'Yes',
      TOOLWISE_TOOLSETS: 'agent, admin',
      TOOLWISE_SEED: '1e3',
      TOOLWISE_UCB_C: 'two',
      TOOLWISE_DB: '7',
    };
    expect(mergeSettings(sources({ env })).values).toEqual({
      read_only: true,
      toolsets: ['agent', 'admin'],
      seed: 1000,
      ucb_c: 'two',
      db: '7',
    });
  });

  it('counts an unexpanded placeholder as unset, with a warning, and goes on to the next source', () => {
    const merged = mergeSettings(
      sources({ flags: new Map([['db', `${UNFILLED}/x.db`]]), env: { TOOLWISE_DB: UNFILLED }, file: { db: 'real.db' } }),
    );
    expect(merged.values).toEqual({ db: 'real.db' });
    expect(merged.warnings).toEqual([
      `--db is "${UNFILLED}/x.db": the client did not fill it in; it counts as unset`,
      `TOOLWISE_DB is "${UNFILLED}": the client did not fill it in; it counts as unset`,
    ]);
  });

  it.each([false, 'false', 'FALSE', 'no'])('lets the switch %j override a variable', (value) => {
    const merged = mergeSettings(sources({ flags: new Map([['read_only', value]]), env: { TOOLWISE_READ_ONLY: 'true' } }));
    expect(merged.values).toEqual({ read_only: false });
  });

  it('counts an empty variable as unset', () => {
    expect(mergeSettings(sources({ env: { TOOLWISE_SEED: '' } }))).toMatchObject({ values: {}, warnings: [] });
  });

  it("warns of a misspelt variable and leaves other programs' variables alone", () => {
    const env = { TOOLWISE_LEARNING_RAT: '1', PATH: '/bin', TOOLWISE_CONFIG: 'c.json', TOOLWISE_RELAUNCHED: '1' };
    expect(mergeSettings(sources({ env })).warnings).toEqual([
      'TOOLWISE_LEARNING_RAT is not a variable of toolwise and is ignored; the nearest is TOOLWISE_LEARNING_RATE',
    ]);
  });
});

describe('resolving', () => {
  it('fills in the defaults of the product', () => {
    expect(resolved({})).toEqual({
      file: '/home/ann/.local/share/toolwise/toolwise.db',
      settings: {
        hyperparameters: DEFAULTS,
        domain_keywords: DOMAIN_KEYWORDS,
        seed: null,
        ranker: 'learned',
        read_only: false,
        ...STORAGE_DEFAULTS,
      },
      exposure: { toolsets: ['agent', 'insight'], read_only: false },
      log_level: 'warn',
    });
  });

  it('takes over every hyper-parameter that has a flag, at both ends of its range', () => {
    for (const [name, entry] of Object.entries(HYPERPARAMETERS)) {
      if (!entry.flag) continue;
      for (const value of [entry.min, entry.max]) {
        expect(resolved({ file: { [name]: value } }).settings.hyperparameters).toEqual({ ...DEFAULTS, [name]: value });
      }
      expect(complaint(() => resolved({ file: { [name]: entry.max + 1 } }))).toContain(`${name} in c.json is ${entry.max + 1}; give a`);
    }
  });

  it.each<[Partial<Sources>, string]>([
    [{ flags: new Map([['exploration_rate', '2']]) }, '--exploration-rate is 2; give a number from 0 to 1'],
    [{ flags: new Map([['exploration_rate', 'NaN']]) }, '--exploration-rate is "NaN"; give a number from 0 to 1'],
    [{ env: { TOOLWISE_BATCH_SIZE: '1.5' } }, 'TOOLWISE_BATCH_SIZE is 1.5; give a whole number from 1 to 10000'],
    [{ env: { TOOLWISE_TOOLSETS: 'agent,insigth' } }, 'TOOLWISE_TOOLSETS is "insigth"; give agent, insight, admin (comma-separated)'],
    [{ env: { TOOLWISE_READ_ONLY: 'perhaps' } }, 'TOOLWISE_READ_ONLY is "perhaps"; give true, false'],
    [{ file: { ranker: 'best' } }, 'ranker in c.json is "best"; give learned, backoff, reference'],
    [{ file: { seed: null } }, 'seed in c.json is null; give a whole number from 0 to 4294967295'],
    [{ file: { sed: 1 } }, '"sed" in c.json is not a setting; the nearest is seed'],
    [{ flags: new Map([['db', ' ']]) }, '--db is empty; give the path of a file, or :memory:'],
    [{ flags: new Map([['db', 'file:x.db?mode=ro']]) }, '--db is "file:x.db?mode=ro"; give a plain path instead of a file: address'],
    [{ env: { TOOLWISE_DB: 'a\0b' } }, 'TOOLWISE_DB is "a\\u0000b"; give a path without NUL characters'],
  ])('%o is refused by name, value and remedy', (given, message) => {
    expect(complaint(() => resolved(given))).toBe(message);
  });

  it('tells all that is wrong at once', () => {
    const message = complaint(() =>
      resolved({
        flags: new Map([
          ['seed', 'x'],
          ['ucb_c', '-1'],
        ]),
      }),
    );
    expect(message.split('\n')).toHaveLength(2);
  });
});

describe('the database path', () => {
  it.each<[Partial<Surroundings>, string]>([
    [{}, '/home/ann/.local/share/toolwise/toolwise.db'],
    [{ env: { XDG_DATA_HOME: '/data' } }, '/data/toolwise/toolwise.db'],
    [{ env: { XDG_DATA_HOME: 'relative' } }, '/home/ann/.local/share/toolwise/toolwise.db'],
    [{ platform: 'darwin', home: '/Users/ann' }, '/Users/ann/Library/Application Support/toolwise/toolwise.db'],
    [{ platform: 'win32', home: 'C:\\Users\\ann', env: { LOCALAPPDATA: 'D:\\Local' } }, 'D:\\Local\\toolwise\\toolwise.db'],
    [{ platform: 'win32', home: 'C:\\Users\\ann' }, 'C:\\Users\\ann\\AppData\\Local\\toolwise\\toolwise.db'],
  ])('lies by default in the folder of the system: %o', (surroundings, path) => {
    expect(defaultDatabase({ ...LINUX, ...surroundings })).toBe(path);
  });

  it.each([
    ['x.db', '/work/x.db'],
    ['/abs/x.db', '/abs/x.db'],
    ['~/x.db', '/home/ann/x.db'],
    ['~', '/home/ann'],
    ['~bob/x.db', '/work/~bob/x.db'],
    [':memory:', ':memory:'],
  ])('%s becomes %s', (text, path) => {
    expect(databasePath(text, '--db', LINUX)).toBe(path);
  });
});

describe('the configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toolwise-config-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function file(text: string): string {
    const path = join(folder, 'config.json');
    writeFileSync(path, text);
    return path;
  }

  it('is a JSON object, a byte order mark aside', () => {
    expect(readConfigFile(file('\uFEFF{"seed": 1}'))).toEqual({ seed: 1 });
  });

  it.each([
    ['[]', 'does not hold a JSON object'],
    ['{"seed": 1', 'is not JSON'],
  ])('%s is refused', (text, message) => {
    expect(complaint(() => readConfigFile(file(text)))).toContain(message);
  });

  it('is named by the flag, else by the variable', () => {
    const env = { TOOLWISE_CONFIG: 'v.json' };
    expect(configPath('f.json', env)).toEqual({ path: 'f.json', warnings: [] });
    expect(configPath(undefined, env)).toEqual({ path: 'v.json', warnings: [] });
    expect(configPath(undefined, { TOOLWISE_CONFIG: '' })).toEqual({ path: undefined, warnings: [] });
  });

  it('is not looked for under a placeholder, which counts as unset with a warning', () => {
    expect(configPath(UNFILLED, { TOOLWISE_CONFIG: 'v.json' })).toMatchObject({ path: 'v.json' });
    expect(configPath(UNFILLED, { TOOLWISE_CONFIG: UNFILLED })).toEqual({
      path: undefined,
      warnings: ['--config', 'TOOLWISE_CONFIG'].map(
        (origin) => `${origin} is "${UNFILLED}": the client did not fill it in; it counts as unset`,
      ),
    });
  });

  it('must exist', () => {
    expect(complaint(() => readConfigFile(join(folder, 'none.json')))).toContain('cannot be read (ENOENT)');
  });
});

describe('the documentation of the settings', () => {
  it('has a row for every setting, with flag, variable, range, default and meaning', () => {
    const rows = settingDescriptions();
    expect(rows.map((row) => row.name)).toEqual(SETTING_NAMES);
    expect(rows.find((row) => row.name === 'ngram_length')).toEqual({
      name: 'ngram_length',
      flag: '--ngram-length',
      variable: 'TOOLWISE_NGRAM_LENGTH',
      kind: 'number',
      allowed: 'whole number from 2 to 5',
      default: '3',
      about: 'longest tool sequence that is counted',
    });
    for (const row of rows) for (const text of Object.values(row)) expect(text, row.name).not.toBe('');
  });

  it('covers every hyper-parameter with a flag', () => {
    const flagged = Object.entries(HYPERPARAMETERS).flatMap(([name, entry]) => (entry.flag ? [name] : []));
    expect(SETTING_NAMES).toEqual(expect.arrayContaining(flagged));
  });
});
