import { homedir } from 'node:os';
import { quoted } from '../core/quote.ts';
import { RECORDED_TEXTS, type RecordedText } from '../core/redaction/modes.ts';
import { ConfigurationError } from '../errors.ts';
import { configPath, readConfigFile } from './settings/config-file.ts';
import { isSet } from './settings/is-set.ts';
import { databasePath, defaultDatabase, expandHome, type Surroundings } from './settings/paths.ts';

/** The settings that a recorder needs: where to, and how much of the texts. */
export interface LightSettings {
  /** Absolute path of the database, or `:memory:`. */
  readonly file: string;
  readonly recorded_text: RecordedText;
  /** The words that were not about these settings, in their order. */
  readonly rest: readonly string[];
  /** The flags that were, as pairs, for a process that is started with the same settings. */
  readonly flags: readonly string[];
  /** What is wrong with the text mode, so that `redacted` was taken in its place; a sentence each. */
  readonly problems: readonly string[];
}

/** In the order of precedence each flag beats its variable, and that the file. */
const FLAGS = ['--db', '--config', '--recorded-text'] as const;
type Flag = (typeof FLAGS)[number];

const MODE_FLAG: Flag = '--recorded-text';
/** How texts are kept where nobody says it, or nobody can read what they say. */
const FALLBACK: RecordedText = 'redacted';

/**
 * Reads the settings of a recorder from flags, variables and the configuration file, without the schema, which takes longer to load than a hook
 * may run; whoever takes the recorded in checks all settings. A literal `${…}` counts as unset.
 * @param argv after the command's name
 * @throws ConfigurationError that names the value and the remedy, when it is not known where to record, or what the configuration file asks for
 */
export function lightSettings(argv: readonly string[]): LightSettings {
  const { env } = process;
  const surroundings = surroundingsOf();
  const { given, rest, flags } = partsOf(argv);
  const { path } = configPath(given.get('--config'), env);
  const file = path === undefined ? {} : readConfigFile(expandHome(path, surroundings));
  const db = firstSet(given.get('--db'), env['TOOLWISE_DB'], file['db']);
  const mode = firstSet(given.get('--recorded-text'), env['TOOLWISE_RECORDED_TEXT'], file['recorded_text']) ?? FALLBACK;
  if (db !== undefined && typeof db !== 'string') throw new ConfigurationError(`--db is ${quoted(db)}; give the path of a file`);
  const place = db === undefined ? defaultDatabase(surroundings) : databasePath(db, '--db', surroundings);
  if (isRecordedText(mode)) return { file: place, recorded_text: mode, rest, flags, problems: [] };
  const problem = `--recorded-text is ${quoted(mode)}; give ${RECORDED_TEXTS.join(', ')} (until then texts are kept as with ${FALLBACK})`;
  // A process that is started with the same settings would refuse the value, from wherever it came; a flag beats them all.
  const others = flags.filter((_word, at) => flags[at - (at % 2)] !== MODE_FLAG);
  return { file: place, recorded_text: FALLBACK, rest, flags: [...others, MODE_FLAG, FALLBACK], problems: [problem] };
}

/** The database that flags and variables name, else the default one: for a problem in the settings themselves. Never `:memory:`; throws nothing. */
export function likelyDatabase(argv: readonly string[]): string {
  const surroundings = surroundingsOf();
  try {
    const db = firstSet(partsOf(argv).given.get('--db'), process.env['TOOLWISE_DB']);
    if (typeof db === 'string' && db !== ':memory:') return databasePath(db, '--db', surroundings);
  } catch {
    // the problem that is to be told
  }
  return defaultDatabase(surroundings);
}

function surroundingsOf(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir(), cwd: process.cwd() };
}

function partsOf(argv: readonly string[]) {
  const given = new Map<Flag, string>();
  const rest: string[] = [];
  const flags: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const flag = FLAGS.find((name) => word === name || word.startsWith(`${name}=`));
    if (flag === undefined) {
      rest.push(word);
      continue;
    }
    const value = word === flag ? argv[++at] : word.slice(flag.length + 1);
    if (value === undefined) throw new ConfigurationError(`${flag} needs a value`);
    given.set(flag, value);
    flags.push(flag, value);
  }
  return { given, rest, flags };
}

function firstSet(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== '' && isSet('', value, []));
}

function isRecordedText(value: unknown): value is RecordedText {
  return (RECORDED_TEXTS as readonly unknown[]).includes(value);
}
