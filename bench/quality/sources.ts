import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One call of a recorded session, as it stands in the file. */
export interface RecordedStep {
  readonly tool_name: string;
  readonly success: boolean;
  /** What was asked for when the call was made; absent: the session's query. */
  readonly query?: string;
  readonly execution_time_ms?: number;
}

/** A line of `<source>.sessions.jsonl`. */
export interface RecordedSession {
  /** The user's first message. */
  readonly query?: string;
  readonly available_tools: readonly string[];
  readonly steps: readonly RecordedStep[];
  readonly outcome?: 'success' | 'partial' | 'failure';
  readonly reward?: number | null;
}

/** An entry of `<source>.catalog.json`. */
export interface RecordedTool {
  readonly name: string;
  readonly description?: string;
  readonly input_schema?: unknown;
}

/** A file of sessions and the tools that they could have called. */
export interface Source {
  readonly name: string;
  readonly sessions: readonly RecordedSession[];
  readonly catalogue: readonly RecordedTool[];
}

const SESSIONS = '.sessions.jsonl';

/** The names of the sources in a folder, sorted; none where there is no such folder. */
export function sourceNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(SESSIONS));
  return files.map((file) => file.slice(0, -SESSIONS.length)).sort();
}

/** @throws where one of the two files is missing or is not JSON */
export function readSource(folder: string, name: string): Source {
  const lines = readFileSync(join(folder, `${name}${SESSIONS}`), 'utf8')
    .trim()
    .split('\n');
  const catalogue = JSON.parse(readFileSync(join(folder, `${name}.catalog.json`), 'utf8')) as RecordedTool[];
  return { name, sessions: lines.map((line) => JSON.parse(line) as RecordedSession), catalogue };
}
