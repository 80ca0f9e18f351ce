import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../errors.ts';
import { isSet } from './is-set.ts';

/** The path of the configuration file as it was given, a flag before the variable; undefined: none. Pure. */
export function configPath(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): { readonly path: string | undefined; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const given = [
    { origin: '--config', value: flag },
    { origin: 'TOOLWISE_CONFIG', value: env['TOOLWISE_CONFIG'] || undefined },
  ];
  return { path: given.find(({ origin, value }) => isSet(origin, value, warnings))?.value, warnings };
}

/** The settings in a JSON file. @throws ConfigurationError when it cannot be read or is not an object */
export function readConfigFile(path: string): Readonly<Record<string, unknown>> {
  const content = parse(path, read(path));
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Record<string, unknown>;
  throw new ConfigurationError(`--config ${path} does not hold a JSON object; write {"setting": value, ...}`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ConfigurationError(`--config ${path} cannot be read${code}; give the path of a JSON file`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`--config ${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
