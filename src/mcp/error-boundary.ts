import { randomUUID } from 'node:crypto';
import { inert } from '../core/quote.ts';
import type { Logger } from '../engine/logger.ts';
import { StorageError, UserError } from '../errors.ts';

/**
 * What the agent may read about an error. A UserError and a StorageError say what to do; of anything else the agent sees only a
 * code, under which stderr has the whole of it: messages of the system can hold paths, SQL and other people's text.
 */
export function messageFor(error: unknown, what: string, log: Logger): string {
  if (error instanceof UserError) return inert(error.message);
  if (error instanceof StorageError) {
    log.error(`${what}: ${error.message}${reason(error.cause)}`);
    return inert(error.message);
  }
  const code = randomUUID().slice(0, 8);
  log.error(`${what}: unexpected error ${code}`, error);
  return `${what} failed inside toolwise (error ${code}, details in its log); call it again or go on without it`;
}

/** What the driver said, on the same line: the place in the code does not matter when the disk is full. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return ` (${'code' in cause ? `${String(cause.code)}: ` : ''}${inert(cause.message)})`;
}
