import { quoted } from '../../core/quote.ts';

const UNEXPANDED = /\$\{[^}]*\}/;

/** Whether a source gives a value; a literal `${…}` counts as none and adds a warning. */
export function isSet(origin: string, value: unknown, warnings: string[]): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'string' || !UNEXPANDED.test(value)) return true;
  warnings.push(`${origin} is ${quoted(value)}: the client did not fill it in; it counts as unset`);
  return false;
}
