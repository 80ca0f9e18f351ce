import { callOutcome, isRecord } from '../outcome.ts';
import { beginsAsError } from './error-text.ts';
import { asDuration, asRecord, asText, contentText, type JsonObject, parsedJson } from './fields.ts';

/** What one line says about how a call went. null: nothing. */
export interface CodexOutcome {
  readonly success: boolean | null;
  readonly was_denied: boolean;
  /** Milliseconds. */
  readonly execution_time_ms: number | null;
  readonly text: string | null;
}

const EXIT = /^(?:Process exited with code|Exit code:) (-?\d+)$/m;
const WALL_TIME = /^Wall time: ([\d.]+) seconds/m;
/** The head of a text before the output of the command itself, which may say anything. */
const HEAD_END = /^Output:$/m;
const LONGEST_HEAD = 2000;
const REFUSED = /rejected by (?:the )?user|user (?:rejected|cancelled|declined)|^Rejected\(/i;
/** Codex's own words. Those that other texts begin with, too, count as Codex goes on with them: with a reason, or not at all. */
const FAILED =
  /^(?:script failed[ \t]*(?:[:\n]|$)|err:|execution error:|apply_patch verification failed|(?:exec_command|write_stdin|js_repl) failed|failed (?:to|in|for) [^\n]{1,300}?(?::|$)|unsupported (?:custom tool )?call\b|tool call error|unknown process|aborted(?: by user|\s*$))/i;

/** Reads the `output` of a function_call_output or custom_tool_call_output: text, blocks of text, or JSON with `metadata.exit_code`. */
export function outputOutcome(payload: JsonObject): CodexOutcome {
  const output = payload['output'] ?? payload['tools'];
  const wrapped = asRecord(output);
  const content = asText(wrapped?.['content']) ?? contentText(output) ?? (output === undefined ? null : JSON.stringify(output));
  const parsed = asRecord(wrapped ?? (content === null ? null : parsedJson(content)));
  const metadata = asRecord(parsed?.['metadata']);
  const text = asText(parsed?.['output']) ?? content;
  const said = content ?? '';
  const success =
    flag(payload['success']) ??
    flag(wrapped?.['success']) ??
    exitCode(metadata?.['exit_code'] ?? parsed?.['exit_code']) ??
    saidInText(said);
  const was_denied = success === false && REFUSED.test(said.slice(0, 400));
  return { success, was_denied, execution_time_ms: seconds(metadata?.['duration_seconds']) ?? wallTime(said), text };
}

/** Reads an exec_command_end, mcp_tool_call_end or patch_apply_end event. */
export function eventOutcome(payload: JsonObject): CodexOutcome {
  const status = payload['status'];
  const execution_time_ms = durationOf(payload['duration']) ?? asDuration(payload['duration_ms']);
  const result = asRecord(payload['result']);
  if (payload['type'] === 'mcp_tool_call_end') return { ...mcpOutcome(result), execution_time_ms };
  const success =
    flag(payload['success']) ?? exitCode(payload['exit_code']) ?? (status === 'failed' || status === 'declined' ? false : null);
  const text = asText(payload['aggregated_output']) ?? asText(payload['stderr']) ?? asText(payload['stdout']);
  return { success, was_denied: status === 'declined', execution_time_ms, text };
}

/** A Rust Result: `{"Ok": CallToolResult}` or `{"Err": text}`. */
function mcpOutcome(result: JsonObject | null): Omit<CodexOutcome, 'execution_time_ms'> {
  const failure = result?.['Err'];
  if (failure !== undefined) {
    const text = typeof failure === 'string' ? failure : JSON.stringify(failure);
    return { success: false, was_denied: REFUSED.test(text.slice(0, 400)), text };
  }
  if (!isRecord(result?.['Ok'])) return { success: null, was_denied: false, text: null };
  const { success, text } = callOutcome(result['Ok']);
  return { success, was_denied: false, text };
}

function saidInText(text: string): boolean | null {
  if (/^Script completed/.test(text)) return true;
  const head = headOf(text);
  const code = EXIT.exec(head)?.[1];
  if (code !== undefined) return code === '0';
  if (FAILED.test(text.slice(0, 400)) || beginsAsError(text) || REFUSED.test(text.slice(0, 200))) return false;
  const { success } = callOutcome(text);
  return success ? null : false;
}

function headOf(text: string): string {
  const start = text.slice(0, LONGEST_HEAD);
  const end = HEAD_END.exec(start)?.index;
  return start.slice(0, end ?? 400);
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function exitCode(value: unknown): boolean | null {
  return typeof value === 'number' ? value === 0 : null;
}

function seconds(value: unknown): number | null {
  return typeof value === 'number' ? asDuration(value * 1000) : null;
}

function wallTime(text: string): number | null {
  const found = WALL_TIME.exec(text.slice(0, 400))?.[1];
  return found === undefined ? null : seconds(Number(found));
}

/** `{secs, nanos}` as Rust writes it, or a text such as `1.5s` or `20ms`. */
function durationOf(value: unknown): number | null {
  const { secs, nanos } = asRecord(value) ?? {};
  if (typeof secs === 'number') return asDuration(secs * 1000 + (typeof nanos === 'number' ? nanos / 1e6 : 0));
  const [, number, unit] = /^([\d.]+)(ms|s)$/.exec(typeof value === 'string' ? value : '') ?? [];
  return number === undefined ? null : asDuration(Number(number) * (unit === 's' ? 1000 : 1));
}
