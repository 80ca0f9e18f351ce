import { keepJson, keepText } from '../core/redaction/keep.ts';
import type { RecordedText } from '../core/redaction/modes.ts';
import { redactSchema } from '../core/redaction/redact-schema.ts';
import { redactText } from '../core/redaction/redact-text.ts';

/** Longest text of a result or an error that is kept, UTF-16 units. */
const KEPT_TEXT = 2000;

/**
 * A request as it may be kept and learned from: secrets are taken out in every mode but `full`, all else stays to the byte. Every use case
 * that takes a query passes it through here, so that the same request leads to the same context.
 */
export function keptQuery(query: string, mode: RecordedText): string {
  return mode === 'full' ? query : redactText(query);
}

/** What an agent tells of where it stands, with the query as it may be kept. */
export function keptState<State extends { readonly query?: string | undefined }>(state: State, mode: RecordedText): State {
  return state.query === undefined ? state : { ...state, query: keptQuery(state.query, mode) };
}

interface CallTexts {
  readonly query?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  readonly result?: string | undefined;
  readonly error_message?: string | undefined;
}

/** A call as it may reach the disk. Labels (session_id, execution_id, tool_name) are kept as they are. */
export function keptExecution<Call extends CallTexts>(call: Call, mode: RecordedText): Call {
  return {
    ...keptState(call, mode),
    arguments: call.arguments === undefined ? undefined : keptArguments(call.arguments, mode),
    result: keptWords(call.result, mode, KEPT_TEXT),
    error_message: keptWords(call.error_message, mode, KEPT_TEXT),
  };
}

/** A user's words as they may be kept. */
export function keptWords(text: string | undefined, mode: RecordedText, longest?: number): string | undefined {
  return text === undefined ? undefined : (keepText(text, mode, longest) ?? undefined);
}

interface ToolTexts {
  readonly description?: string | undefined;
  readonly input_schema?: Readonly<Record<string, unknown>> | undefined;
}

/** Descriptions and schemas tell tools apart, so they are kept in every mode; secrets in them only in `full`. */
export function keptRegistration<Tool extends ToolTexts>(tool: Tool, mode: RecordedText): Tool {
  if (mode === 'full') return tool;
  const { description, input_schema } = tool;
  return {
    ...tool,
    ...(description === undefined ? {} : { description: redactText(description) }),
    ...(input_schema === undefined ? {} : { input_schema: redactSchema(input_schema) as Record<string, unknown> }),
  };
}

function keptArguments(args: Readonly<Record<string, unknown>>, mode: RecordedText): Record<string, unknown> | undefined {
  return (keepJson(args, mode) ?? undefined) as Record<string, unknown> | undefined;
}
