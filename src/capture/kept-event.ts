import { nestsDeeperThan } from '../core/json-depth.ts';
import { keepJson, keepText } from '../core/redaction/keep.ts';
import type { RecordedText } from '../core/redaction/modes.ts';
import { redactSchema } from '../core/redaction/redact-schema.ts';
import { redactText } from '../core/redaction/redact-text.ts';
import type { CallEvent, CaptureEvent, ToolEvent } from './events.ts';

/** As much as the log takes: UTF-16 units of a prompt, of a result or an error, of a description, of JSON; levels of JSON. */
const LONGEST_PROMPT = 8000;
const LONGEST_TEXT = 2000;
const LONGEST_DESCRIPTION = 16_000;
const LONGEST_JSON = 131_072;
const DEEPEST_JSON = 32;

/** An event as it may reach the disk: cut, and without what `mode` does not allow. Secrets are taken out in every mode but `full`. */
export function keptEvent(event: CaptureEvent, mode: RecordedText): CaptureEvent {
  if (event.kind === 'prompt') return { ...event, text: event.text === null ? null : keptPrompt(event.text, mode) };
  if (event.kind === 'call') return keptCall(event, mode);
  return event.kind === 'tool' ? keptTool(event, mode) : event;
}

function keptPrompt(text: string, mode: RecordedText): string {
  const cut = text.slice(0, LONGEST_PROMPT);
  return (mode === 'full' ? cut : redactText(cut)).slice(0, LONGEST_PROMPT);
}

function keptCall(event: CallEvent, mode: RecordedText): CallEvent {
  return {
    ...event,
    arguments: asJson(keepJson(fitting(event.arguments), mode)),
    result: event.result === null ? null : keepText(event.result, mode, LONGEST_TEXT),
    error_message: event.error_message === null ? null : keepText(event.error_message, mode, LONGEST_TEXT),
  };
}

function keptTool(event: ToolEvent, mode: RecordedText): ToolEvent {
  const description = event.description?.slice(0, LONGEST_DESCRIPTION) ?? null;
  const input_schema = fitting(event.input_schema);
  if (mode === 'full') return { ...event, description, input_schema };
  return {
    ...event,
    description: description === null ? null : redactText(description).slice(0, LONGEST_DESCRIPTION),
    input_schema: input_schema === null ? null : asJson(redactSchema(input_schema)),
  };
}

/** JSON that the log would refuse is left out. */
function fitting(value: CallEvent['arguments']): CallEvent['arguments'] {
  if (value === null || nestsDeeperThan(value, DEEPEST_JSON)) return null;
  return JSON.stringify(value).length > LONGEST_JSON ? null : value;
}

function asJson(value: unknown): CallEvent['arguments'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}
