import { cutBetweenTokens, cutText } from './cut.ts';
import type { RecordedText } from './modes.ts';
import { redactJson } from './redact-json.ts';
import { redactText } from './redact-text.ts';
import { shapeOf } from './shape.ts';

/** More of a text is not looked at, UTF-16 units. */
const LONGEST_READ = 4096;

/** What may be kept of a text, at most `longest` UTF-16 units; null: nothing. */
export function keepText(text: string, mode: RecordedText, longest: number = LONGEST_READ): string | null {
  switch (mode) {
    case 'none':
      return null;
    case 'shape':
      return String(shapeOf(text));
    case 'redacted':
      return cutText(redactText(cutBetweenTokens(text, LONGEST_READ)), longest);
    case 'full':
      return cutText(text, longest);
  }
}

/** What may be kept of a JSON value; null: nothing. */
export function keepJson(value: unknown, mode: RecordedText): unknown {
  switch (mode) {
    case 'none':
      return null;
    case 'shape':
      return shapeOf(value);
    case 'redacted':
      return redactJson(value);
    case 'full':
      return value;
  }
}
