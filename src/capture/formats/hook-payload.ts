import { nestsDeeperThan } from '../../core/json-depth.ts';
import { label } from '../names.ts';
import { asArguments, asId, type JsonObject, parsedJson } from './fields.ts';

/** Levels of JSON that are read. Beyond some thousands, whoever walks through a value or turns it into text overflows the stack. */
const DEEPEST = 200;

/** A value of a payload; null: absent, or nested too deep to be read. */
export function valueIn(payload: JsonObject, field: string): unknown {
  return readable(payload[field]);
}

/** The same; a JSON text is what it says. */
export function parsedIn(payload: JsonObject, field: string): unknown {
  const value = valueIn(payload, field);
  const parsed = typeof value === 'string' ? parsedJson(value) : undefined;
  return parsed === undefined ? value : readable(parsed);
}

/** Arguments of a call, given as an object or as its JSON text; null: there are none. */
export function argumentsIn(payload: JsonObject, field: string): JsonObject | null {
  const told = asArguments(valueIn(payload, field));
  return told === null || nestsDeeperThan(told, DEEPEST) ? null : told;
}

function readable(value: unknown): unknown {
  return value === undefined || nestsDeeperThan(value, DEEPEST) ? null : value;
}

/** A source's own name of a call or a turn, as a label of the contract; null: absent. */
export function nameIn(payload: JsonObject, field: string): string | null {
  const name = asId(payload[field]);
  return name === null ? null : label(name);
}
