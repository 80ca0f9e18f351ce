import * as z from 'zod';
import { DOMAIN_KEYWORDS, HYPERPARAMETERS, type HyperparameterName } from '../../core/hyperparameters.ts';
import { RANKER_NAMES } from '../../core/rankers/ranker-by-name.ts';
import { DURABILITIES, RECORDED_TEXTS, STORAGE_DEFAULTS } from '../../engine/settings.ts';
import { TOOLSETS } from '../../mcp/define-tool.ts';
import { DEFAULT_TOOLSETS } from '../../mcp/exposure.ts';
import { LOG_LEVELS } from '../logger.ts';

/** The hyper-parameters that a person may set. */
export type FlaggedName = {
  [Name in HyperparameterName]: (typeof HYPERPARAMETERS)[Name]['flag'] extends true ? Name : never;
}[HyperparameterName];

type NumberSchema = z.ZodDefault<z.ZodNumber>;

function hyperparameterShape(): Record<FlaggedName, NumberSchema> {
  const flagged = Object.entries(HYPERPARAMETERS).filter(([, entry]) => entry.flag);
  const shape = flagged.map(([name, entry]): [string, NumberSchema] => {
    const base = entry.integer ? z.int() : z.number();
    return [name, base.min(entry.min).max(entry.max).default(entry.default).describe(entry.about)];
  });
  return Object.fromEntries(shape) as Record<FlaggedName, NumberSchema>;
}

/** Everything that can be configured, by flag, variable or file: validation, defaults and the README's table come from here. */
export const SettingsSchema = z.strictObject({
  db: z.string().optional().describe('database file; `:memory:` is forgotten at exit'),
  toolsets: z
    .array(z.enum(TOOLSETS))
    .min(1)
    .default([...DEFAULT_TOOLSETS])
    .describe('groups of tools that are offered'),
  read_only: z.boolean().default(false).describe('offer only tools that change nothing, and write nothing'),
  ranker: z.enum(RANKER_NAMES).default('learned').describe('how recommend_tools ranks, and what policies of select_tool weigh'),
  seed: z.int().min(0).max(4_294_967_295).optional().describe('seed of every draw, so that a run can be repeated'),
  recorded_text: z
    .enum(RECORDED_TEXTS)
    .default(STORAGE_DEFAULTS.recorded_text)
    .describe('what is kept of arguments, results and errors: nothing, keys and types, all but secrets, all'),
  durability: z
    .enum(DURABILITIES)
    .default(STORAGE_DEFAULTS.durability)
    .describe('what a commit survives: the end of the process, or a power cut too (slower)'),
  max_executions: z
    .int()
    .min(100)
    .max(1_000_000_000)
    .default(STORAGE_DEFAULTS.max_executions)
    .describe('executions kept; older ones are removed, what they taught stays'),
  max_bytes: z
    .int()
    .min(4_194_304)
    .max(1_099_511_627_776)
    .default(STORAGE_DEFAULTS.max_bytes)
    .describe('size of the database, in bytes, above which the oldest executions are removed'),
  ...hyperparameterShape(),
  domain_keywords: z
    .array(z.string().min(1).max(64))
    .max(1000)
    .default([...DOMAIN_KEYWORDS])
    .describe('words that are keywords wherever they occur in a query'),
  log_level: z.enum(LOG_LEVELS).default('warn').describe('what is said on stderr'),
});

export type SettingValues = z.output<typeof SettingsSchema>;
export type SettingName = keyof SettingValues;

export const SETTING_NAMES = Object.keys(SettingsSchema.shape) as readonly SettingName[];

/** One setting as the documentation and `--help` tell it. */
export interface SettingDescription {
  readonly name: SettingName;
  /** `--ngram-length` */
  readonly flag: string;
  /** `TOOLWISE_NGRAM_LENGTH` */
  readonly variable: string;
  readonly kind: 'number' | 'boolean' | 'string' | 'list';
  /** What may be given: a range, or the words to choose from. */
  readonly allowed: string;
  readonly default: string;
  readonly about: string;
}

interface JsonProperty {
  readonly type: string;
  readonly description: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

/** The rows of the README's configuration table, in the order of `--help`. */
export function settingDescriptions(): readonly SettingDescription[] {
  const { properties } = z.toJSONSchema(SettingsSchema, { io: 'input' }) as unknown as { properties: Record<SettingName, JsonProperty> };
  return SETTING_NAMES.map((name) => {
    const property = properties[name];
    return {
      name,
      flag: flagOf(name),
      variable: variableOf(name),
      kind: kindOf(property.type),
      allowed: allowedIn(property),
      default: defaultOf(name, property),
      about: property.description,
    };
  });
}

export function flagOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

export function variableOf(name: string): string {
  return `TOOLWISE_${name.toUpperCase()}`;
}

function kindOf(type: string): SettingDescription['kind'] {
  if (type === 'array') return 'list';
  return type === 'boolean' || type === 'string' ? type : 'number';
}

function allowedIn({ type, minimum, maximum, enum: words, items }: JsonProperty): string {
  if (minimum !== undefined) return `${type === 'integer' ? 'whole number' : 'number'} from ${minimum} to ${maximum}`;
  const choice = words ?? items?.enum;
  if (choice !== undefined) return `${choice.join(', ')}${items === undefined ? '' : ' (comma-separated)'}`;
  return { boolean: 'true, false', array: 'comma-separated words' }[type] ?? 'path';
}

function defaultOf(name: SettingName, property: JsonProperty): string {
  if (name === 'db') return "`toolwise/toolwise.db` in the user's data folder";
  if (property.default === undefined) return 'from the operating system';
  return Array.isArray(property.default) ? property.default.join(',') : String(property.default);
}
