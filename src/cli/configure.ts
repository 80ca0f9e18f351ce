import { homedir } from 'node:os';
import { ConfigurationError } from '../errors.ts';
import { checkDatabaseFile } from './data-folder.ts';
import { complain } from './output.ts';
import { configPath, readConfigFile } from './settings/config-file.ts';
import { type Merged, mergeSettings } from './settings/merge.ts';
import { expandHome, type Surroundings } from './settings/paths.ts';
import { type Configuration, resolveSettings } from './settings/resolve.ts';

/** What a person said on the command line about settings. */
export interface Given {
  /** Only what was given, by setting name. */
  readonly flags: ReadonlyMap<string, string | boolean>;
  /** The value of `--config`. */
  readonly config: string | undefined;
}

/**
 * The settings from flags, variables and the configuration file; warnings go to stderr.
 * @throws ConfigurationError that names each bad value and its remedy
 */
export function configure(given: Given): Configuration {
  const surroundings = surroundingsOf();
  const merged = merge(given, surroundings);
  for (const warning of merged.warnings) complain(`toolwise warn: ${warning}`);
  const configuration = resolveSettings(merged, surroundings);
  checkDatabaseFile(configuration.file);
  return configuration;
}

/** Settings with what is wrong about them; a bad one counts as unset. */
export interface Diagnosis {
  /** null: not even the place of the database is known. */
  readonly configuration: Configuration | null;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** The same for somebody who wants to know what is wrong: throws nothing and prints nothing. */
export function diagnoseSettings(given: Given): Diagnosis {
  const surroundings = surroundingsOf();
  const [merged, file_faults] = attempt(() => merge(given, surroundings));
  const { values, origins, warnings } = merged ?? mergeSettings({ flags: given.flags, env: process.env, file: {}, file_path: '' });
  const [configuration, faults] = attempt(() => resolveSettings({ values, origins, warnings }, surroundings));
  const onlyDatabase = () =>
    resolveSettings({ values: values['db'] === undefined ? {} : { db: values['db'] }, origins, warnings }, surroundings);
  return { configuration: configuration ?? attempt(onlyDatabase)[0], faults: [...file_faults, ...faults], warnings };
}

function surroundingsOf(): Surroundings {
  const { env, platform } = process;
  return { env, platform, home: homedir(), cwd: process.cwd() };
}

function merge({ flags, config }: Given, surroundings: Surroundings): Merged {
  const { env } = surroundings;
  const { path, warnings } = configPath(config, env);
  const file_path = path === undefined ? '' : expandHome(path, surroundings);
  const merged = mergeSettings({ flags, env, file: path === undefined ? {} : readConfigFile(file_path), file_path });
  return { ...merged, warnings: [...warnings, ...merged.warnings] };
}

function attempt<T>(work: () => T): readonly [T | null, readonly string[]] {
  try {
    return [work(), []];
  } catch (error) {
    if (error instanceof ConfigurationError) return [null, error.message.split('\n')];
    throw error;
  }
}
