import { marker } from './markers.ts';
import { redactText } from './redact-text.ts';
import { sensitivity } from './sensitive-keys.ts';

/** Keywords of JSON Schema that hold values of the argument, not words about it. */
const VALUES: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples', 'example']);

/**
 * A JSON Schema without secrets. Nothing is cut, and a property may be called `password`: only values given for it (default, const, enum,
 * examples) go, and whatever `redactText` finds in any text.
 */
export function redactSchema(schema: unknown): unknown {
  return redacted(schema, false, false);
}

/** @param sensitive inside a property whose name is @param value inside one of its values */
function redacted(schema: unknown, sensitive: boolean, value: boolean): unknown {
  if (typeof schema === 'string') return sensitive && value && schema !== '' ? marker('sensitive-key') : redactText(schema);
  if (Array.isArray(schema)) return schema.map((item) => redacted(item, sensitive, value));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, inner]) => {
      const isSecret = sensitive || sensitivity(key) !== 'none';
      return [
        redactText(key),
        redacted(inner, isSecret, value || VALUES.has(key) || (isSecret && typeof inner === 'string' && !sensitive)),
      ];
    }),
  );
}
