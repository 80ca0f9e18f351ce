import * as z from 'zod';

type JsonSchema = Record<string, unknown>;
type ObjectSchema = JsonSchema & { readonly type: 'object' };

/**
 * A tool's schema for tools/list: JSON Schema 2020-12 without `$schema`, flat, no `$ref`, no lists of types; `properties` is always
 * there. Strict clients refuse the draft-07 that the SDK would stamp.
 * @param io `input`: unknown fields are refused; `output`: fields may be added later
 */
export function toJsonSchema(schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema {
  const { $schema: _, ...generated } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input', reused: 'inline' });
  return { type: 'object', properties: {}, ...tidy(generated as JsonSchema, io) };
}

function tidy(node: JsonSchema, io: 'input' | 'output'): JsonSchema {
  const kept = Object.entries(node).filter(([key, value]) => !isNoise(key, value, io));
  const tidied = Object.fromEntries(kept.map(([key, value]) => [key, tidyPart(key, value, io)]));
  if (tidied['type'] === 'array' && io === 'input') tidied['items'] = withoutPattern(tidied['items']);
  return Array.isArray(tidied['type']) ? splitTypes(tidied, tidied['type']) : tidied;
}

/** Bounds of 2^53 and "keys are strings" say nothing. */
function isNoise(key: string, value: unknown, io: 'input' | 'output'): boolean {
  if (key === 'propertyNames' || value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER) return true;
  return io === 'output' && key === 'additionalProperties' && value === false;
}

function tidyPart(key: string, value: unknown, io: 'input' | 'output'): unknown {
  if (key === 'properties') {
    return Object.fromEntries(Object.entries(value as JsonSchema).map(([name, child]) => [name, tidy(child as JsonSchema, io)]));
  }
  if (key === 'anyOf') return (value as JsonSchema[]).map((child) => tidy(child, io));
  if (key === 'items' || key === 'additionalProperties') return typeof value === 'object' ? tidy(value as JsonSchema, io) : value;
  return value;
}

/** The shape of a name is told where a single one stands; in every list it would cost twelve tokens more. It is checked all the same. */
function withoutPattern(items: unknown): unknown {
  const { pattern: _, ...rest } = items as JsonSchema;
  return rest;
}

/** `{type: [a, null], …}` as `{anyOf: [{type: a, …}, {type: null}]}`: the same meaning, one type a branch. */
function splitTypes({ type: _, description, ...rest }: JsonSchema, types: readonly unknown[]): JsonSchema {
  const anyOf = types.map((type) => (type === 'null' ? { type } : { type, ...rest }));
  return description === undefined ? { anyOf } : { anyOf, description };
}
