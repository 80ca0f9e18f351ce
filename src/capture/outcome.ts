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
  const text = answerText(answer);
  const failed = isFailure(answer);
  return { success: !failed, error_message: failed ? text : null, text };
}

/** The success of `callOutcome` alone, which costs little however long the answer is. */
export function isFailure(answer: unknown): boolean {
  return saysError(answer, LEVELS);
}

/** Gateways and clients wrap results, some twice; deeper than that a text about errors would be taken for one. */
const LEVELS = 2;

function saysError(value: unknown, levels: number): boolean {
  if (isRecord(value) && (value['isError'] === true || value['is_error'] === true)) return true;
  return levels > 0 && insides(value).some((inside) => saysError(inside, levels - 1));
}

/** What may be the true result inside. */
function insides(answer: unknown): readonly unknown[] {
  if (typeof answer === 'string') return [wrappedIn(answer)];
  if (!isRecord(answer)) return textsIn(answer).map(wrappedIn);
  const { content } = answer;
  const texts = typeof content === 'string' ? [content] : textsIn(content);
  return [answer['result'], answer['toolResult'], answer['structuredContent'], ...texts.map(wrappedIn)];
}

/** The texts of content blocks. */
function textsIn(content: unknown): readonly string[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? [part['text']] : []));
}

function wrappedIn(text: string): unknown {
  if (text.length > LONGEST_WRAPPED || !/^\s*\{[\s\S]*"is_?error"/i.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // it only looked like a result
  }
}

/** The text of `callOutcome`. @throws RangeError when the answer is nested too deeply to be written as text */
export function answerText(answer: unknown): string | null {
  if (answer === undefined || answer === null) return null;
  if (typeof answer === 'string') return answer;
  const content = isRecord(answer) ? answer['content'] : answer;
  if (typeof content === 'string') return content;
  const texts = textsIn(content);
  return texts.length > 0 ? texts.join('\n') : JSON.stringify(answer);
}

/** Whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
