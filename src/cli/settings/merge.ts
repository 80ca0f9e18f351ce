import { nearest } from '../../core/nearest.ts';
import { quoted } from '../../core/quote.ts';
import { isSet } from './is-set.ts';
import { flagOf, SETTING_NAMES, type SettingDescription, settingDescriptions, variableOf } from './schema.ts';

/** Where settings were found; a later source gives way to an earlier one: flags, environment, file. */
export interface Sources {
  /** By setting name; `false` for a switch that is negated. */
  readonly flags: ReadonlyMap<string, string | boolean>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: Readonly<Record<string, unknown>>;
  /** The file's path, for messages. */
  readonly file_path: string;
}

export interface Merged {
  readonly values: Readonly<Record<string, unknown>>;
  /** How a person gave each value: `--seed`, `TOOLWISE_SEED`, or `seed in settings.json`. */
  readonly origins: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Variables that are no settings. */
const OTHER_VARIABLES: readonly string[] = ['TOOLWISE_CONFIG', 'TOOLWISE_RELAUNCHED'];

/** Takes each setting from the first source that has it, as the type it should have. Pure. */
export function mergeSettings(sources: Sources): Merged {
  const warnings: string[] = unknownVariables(sources.env);
  const values: [string, unknown][] = [];
  const origins: [string, string][] = [];
  for (const description of settingDescriptions()) {
    const found = candidates(description, sources).find(({ origin, value }) => isSet(origin, value, warnings));
    if (found === undefined) continue;
    values.push([description.name, typeof found.value === 'string' ? fromText(description.kind, found.value) : found.value]);
    origins.push([description.name, found.origin]);
  }
  const strangers = Object.entries(sources.file).filter(([name]) => !(SETTING_NAMES as readonly string[]).includes(name));
  for (const [name] of strangers) origins.push([name, `${quoted(name)} in ${sources.file_path}`]);
  return { values: Object.fromEntries([...values, ...strangers]), origins: new Map(origins), warnings };
}

function candidates({ name }: SettingDescription, { flags, env, file, file_path }: Sources) {
  return [
    { origin: flagOf(name), value: flags.get(name) },
    { origin: variableOf(name), value: env[variableOf(name)] || undefined },
    { origin: `${name} in ${file_path}`, value: Object.hasOwn(file, name) ? file[name] : undefined },
  ];
}

/** Text that does not read as the kind stays text: the schema then names it. */
function fromText(kind: SettingDescription['kind'], text: string): unknown {
  const word = text.trim();
  if (kind === 'number') return word !== '' && Number.isFinite(Number(word)) ? Number(word) : text;
  if (kind === 'boolean') return { true: true, 1: true, yes: true, false: false, 0: false, no: false }[word.toLowerCase()] ?? text;
  if (kind === 'list') return word.split(',').map((item) => item.trim());
  return text;
}

function unknownVariables(env: Sources['env']): string[] {
  const known = [...SETTING_NAMES.map(variableOf), ...OTHER_VARIABLES];
  const unknown = Object.keys(env).filter((name) => name.startsWith('TOOLWISE_') && !known.includes(name));
  return unknown.map((name) => `${name} is not a variable of toolwise and is ignored; the nearest is ${nearest(name, known)}`);
}
