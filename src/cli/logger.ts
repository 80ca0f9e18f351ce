import { inspect } from 'node:util';
import type { Logger } from '../engine/logger.ts';

/** From the most to the least that is said. */
export const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface PersonLogger extends Logger {
  info(message: string): void;
}

/** A logger that drops what is below `level`. @param write takes one entry, in the product onto stderr */
export function createLogger(level: LogLevel, write: (text: string) => void): PersonLogger {
  const say = (at: LogLevel, message: string, cause?: unknown) => {
    if (LOG_LEVELS.indexOf(at) < LOG_LEVELS.indexOf(level)) return;
    write(`toolwise ${at}: ${message}${cause === undefined ? '' : `\n${inspect(cause)}`}\n`);
  };
  return {
    info: (message) => say('info', message),
    warn: (message, cause) => say('warn', message, cause),
    error: (message, cause) => say('error', message, cause),
  };
}
