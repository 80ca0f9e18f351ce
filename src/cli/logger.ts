import { inspect } from 'node:util';
import { inert } from '../core/quote.ts';
import { redactText } from '../core/redaction/redact-text.ts';
import type { Logger } from '../engine/logger.ts';

/** From the most to the least that is said. */
export const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Longest message and cause of one entry, characters. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_CAUSE = 8_000;

export interface PersonLogger extends Logger {
  info(message: string): void;
}

/**
 * A logger that drops what is below `level`. Whatever a message or cause quotes stays inside its entry, without secrets: control
 * characters are escaped, further lines of a cause are indented. @param write takes one entry, in the product onto stderr
 */
export function createLogger(level: LogLevel, write: (text: string) => void): PersonLogger {
  const say = (at: LogLevel, message: string, cause?: unknown) => {
    if (LOG_LEVELS.indexOf(at) < LOG_LEVELS.indexOf(level)) return;
    write(`toolwise ${at}: ${inert(redactText(cut(message, LONGEST_MESSAGE)))}${cause === undefined ? '' : `\n${shown(cause)}`}\n`);
  };
  return {
    info: (message) => say('info', message),
    warn: (message, cause) => say('warn', message, cause),
    error: (message, cause) => say('error', message, cause),
  };
}

function shown(cause: unknown): string {
  const lines = redactText(cut(inspect(cause), LONGEST_CAUSE)).split('\n');
  return lines.map(inert).join('\n  ');
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
