import type * as z from 'zod';
import { DEFAULTS, type Hyperparameters } from '../../core/hyperparameters.ts';
import { nearest } from '../../core/nearest.ts';
import { quoted } from '../../core/quote.ts';
import type { Settings } from '../../engine/settings.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Exposure } from '../../mcp/exposure.ts';
import type { LogLevel } from '../logger.ts';
import type { Merged } from './merge.ts';
import { databasePath, defaultDatabase, type Surroundings } from './paths.ts';
import { SETTING_NAMES, SettingsSchema, type SettingValues, settingDescriptions } from './schema.ts';

/** All that a command needs to know before it starts. */
export interface Configuration {
  /** Absolute path of the database, or `:memory:`. */
  readonly file: string;
  readonly settings: Settings;
  readonly exposure: Exposure;
  readonly log_level: LogLevel;
}

/** Validates merged values and fills in the defaults. @throws ConfigurationError that names each bad value and its remedy */
export function resolveSettings({ values, origins }: Merged, surroundings: Surroundings): Configuration {
  const parsed = SettingsSchema.safeParse(values);
  if (!parsed.success) throw new ConfigurationError(parsed.error.issues.map((issue) => complaint(issue, values, origins)).join('\n'));
  const {
    db,
    toolsets,
    log_level,
    read_only,
    seed,
    ranker,
    recorded_text,
    durability,
    max_executions,
    max_bytes,
    domain_keywords,
    ...flagged
  } = parsed.data;
  const hyperparameters: Hyperparameters = Object.freeze({ ...DEFAULTS, ...flagged });
  return {
    file: db === undefined ? defaultDatabase(surroundings) : databasePath(db, origins.get('db') ?? 'db', surroundings),
    settings: {
      hyperparameters,
      domain_keywords,
      seed: seed ?? null,
      ranker,
      read_only,
      recorded_text,
      durability,
      max_executions,
      max_bytes,
    },
    exposure: { toolsets, read_only },
    log_level,
  };
}

function complaint(issue: z.core.$ZodIssue, values: Merged['values'], origins: Merged['origins']): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${origins.get(key)} is not a setting; the nearest is ${nearest(key, SETTING_NAMES)}`).join('\n');
  }
  const [name] = issue.path as [keyof SettingValues];
  const description = settingDescriptions().find((candidate) => candidate.name === name);
  const value = issue.path.length > 1 && Array.isArray(values[name]) ? values[name][Number(issue.path[1])] : values[name];
  return `${origins.get(name)} is ${quoted(value)}; give ${description?.kind === 'number' ? 'a ' : ''}${description?.allowed}`;
}
