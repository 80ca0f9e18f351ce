import * as z from 'zod';
import { nearest } from '../core/nearest.ts';
import { printable, quoted } from '../core/quote.ts';

const REPORTED = 3;

const EXPECTED: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
]);

const UNITS: ReadonlyMap<string, string> = new Map([
  ['string', 'character'],
  ['array', 'item'],
]);

/**
 * What is wrong with arguments, for the agent: each sentence names the field, its value (quoted and cut) and the remedy.
 * @param schema of the arguments, for the names of the fields it does know
 */
export function explainIssues(schema: z.ZodObject, args: unknown, issues: readonly z.core.$ZodIssue[]): string {
  // A misspelt field first: it explains why another is missing.
  const ordered = issues.toSorted((a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'));
  const sentences = ordered.slice(0, REPORTED).map((issue) => explain(schema, args, issue));
  const more = issues.length - REPORTED;
  return [...sentences, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function explain(schema: z.ZodObject, args: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return unknownFields(schema, issue);
  const value = valueAt(args, issue.path);
  if (value === undefined) return `${fieldName(issue.path)} is missing; give ${expected(schema, issue)}`;
  const leave = value === null && isOptional(schema, issue.path) ? ' or leave it out' : '';
  const remedy = `${remedyFor(schema, issue)}${leave}`;
  return `${fieldName(issue.path)} is ${measured(issue, value)}; ${remedy}`;
}

function unknownFields(schema: z.ZodObject, issue: z.core.$ZodIssueUnrecognizedKeys): string {
  const known = fieldsAt(schema, issue.path);
  const where = issue.path.length === 0 ? '' : ` in ${fieldName(issue.path)}`;
  const names = issue.keys.slice(0, REPORTED).map((key) => {
    const name = nearest(key, known);
    return `${quoted(key)} is not a field${where}; ${name === undefined ? 'leave it out' : `the nearest is ${name}`}`;
  });
  return names.join('; ');
}

function remedyFor(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `give at least ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `give at most ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    case 'invalid_type':
    case 'invalid_value':
      return `give ${expected(schema, issue)}`;
    case 'custom':
    case 'invalid_format':
      return issue.message;
    default:
      return 'give it as the protocol describes it';
  }
}

function expected(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code !== 'invalid_type') return 'a value';
  const wanted = unwrapped(schemaAt(schema, issue.path));
  if (wanted instanceof z.ZodNumber) return `${EXPECTED.get(wanted.isInt ? 'int' : 'number')}${range(wanted)}`;
  return EXPECTED.get(issue.expected) ?? issue.expected;
}

function range({ minValue, maxValue }: z.ZodNumber): string {
  return minValue === null || maxValue === null ? '' : ` from ${minValue} to ${maxValue}`;
}

/** A text or list that is too long or short is shown by its size, everything else by its value. */
function measured(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return `${value} (a number beyond 1.8e308 arrives so)`;
  const sized = issue.code === 'too_small' || issue.code === 'too_big';
  return sized && typeof value === 'string' ? `a text of ${value.length} characters` : quoted(value);
}

function unit(origin: string, count: number | bigint): string {
  const name = UNITS.get(origin);
  return name === undefined ? '' : ` ${name}${Number(count) === 1 ? '' : 's'}`;
}

/** `tools[3].name`; the whole when the path is empty. */
export function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the arguments object';
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return printable(text.replace(/^\./, '').slice(0, 160));
}

function valueAt(args: unknown, path: readonly PropertyKey[]): unknown {
  let value = args;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function fieldsAt(schema: z.ZodObject, path: readonly PropertyKey[]): readonly string[] {
  const at = unwrapped(schemaAt(schema, path));
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function isOptional(schema: z.ZodObject, path: readonly PropertyKey[]): boolean {
  return schemaAt(schema, path) instanceof z.ZodOptional;
}

function schemaAt(schema: z.ZodObject, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, part) => {
    const inner = unwrapped(at);
    if (inner instanceof z.ZodArray) return inner.element;
    return inner instanceof z.ZodObject ? inner.shape[String(part)] : undefined;
  }, schema);
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap()) : schema;
}
