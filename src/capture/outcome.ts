/** How a call went, as its answer says. */
export interface CallOutcome {
  readonly success: boolean;
  /** What it said when it failed; null: nothing, or it worked. */
  readonly error_message: string | null;
  /** The answer as text; null: there is none. */
  readonly text: string | null;
}

/** Longest text that is looked into for a result inside it, UTF-16 units. */
const LONGEST_WRAPPED = 1_000_000;

/**
 * Reads the answer of a tool: an MCP CallToolResult, one inside another's answer (gateways and clients wrap them), or any other value, which is
 * a success. Specification: Model Context Protocol 2025-11-25, server/tools, "Error Handling".
 */
export function callOutcome(answer: unknown): CallOutcome {
  const text = textOf(answer);
  const failed = saysError(answer) || insides(answer).some(saysError);
  return { success: !failed, error_message: failed ? text : null, text };
}

function saysError(value: unknown): boolean {
  return isRecord(value) && (value['isError'] === true || value['is_error'] === true);
}

/** What may be the true result inside: one level, never more, so that a text about errors is not taken for one. */
function insides(answer: unknown): readonly unknown[] {
  if (!isRecord(answer)) return typeof answer === 'string' ? [wrappedIn(answer)] : [];
  const { content } = answer;
  const sole = Array.isArray(content) && content.length === 1 && isRecord(content[0]) ? content[0]['text'] : content;
  return [answer['result'], answer['toolResult'], answer['structuredContent'], typeof sole === 'string' ? wrappedIn(sole) : undefined];
}

function wrappedIn(text: string): unknown {
  if (text.length > LONGEST_WRAPPED || !/^\s*\{[\s\S]*"is_?error"/i.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // it only looked like a result
  }
}

function textOf(answer: unknown): string | null {
  if (answer === undefined || answer === null) return null;
  if (typeof answer === 'string') return answer;
  const content = isRecord(answer) ? answer['content'] : answer;
  if (typeof content === 'string') return content;
  const texts = Array.isArray(content)
    ? content.flatMap((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? [part['text']] : []))
    : [];
  return texts.length > 0 ? texts.join('\n') : JSON.stringify(answer);
}

/** Whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
