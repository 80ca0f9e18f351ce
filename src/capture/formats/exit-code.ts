import type { JsonObject } from './fields.ts';

/** As sources call it. */
const FIELDS = ['exit_code', 'exitCode', 'return_code', 'returnCode'];

/** Whether what is told of a command says that it exited with another code than 0. Codes are numbers; without one, nothing is said. */
export function exitedWithError(told: JsonObject | null): boolean {
  return told !== null && FIELDS.some((field) => typeof told[field] === 'number' && told[field] !== 0);
}
