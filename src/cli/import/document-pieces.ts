import JSONParser from '@streamparser/json/jsonparser.js';
import type { Piece } from './piece.ts';

/** Lists of messages or items in a document that is an object. */
const LISTS = ['messages', 'input', 'items', 'traj', 'trajectory', 'conversation', 'output', 'data'];
/** Lists of conversations. */
const LISTS_OF_WHOLES = ['sessions', 'conversations'];
const FIELDS = [
  'id',
  'session_id',
  'conversation_id',
  'thread_id',
  'custom_id',
  'task_id',
  'problem_id',
  'trial',
  'outcome',
  'tools',
  'functions',
];
const SPANS = [
  'resourceSpans.*.scopeSpans.*.spans.*',
  'resourceSpans.*.instrumentationLibrarySpans.*.spans.*',
  'resource_spans.*.scope_spans.*.spans.*',
  'batches.*.scopeSpans.*.spans.*',
];
const OBJECT_PATHS = [...[...LISTS, ...LISTS_OF_WHOLES].map((list) => `${list}.*`), ...FIELDS, ...SPANS].map((path) => `$.${path}`);

/** Bytes of a text that are decoded at once: without a buffer long texts take ten times as long. */
const STRING_BUFFER = 65_536;

/** The elements of a document as they come; what was told is not kept. @param head its beginning */
export async function* documentPieces(chunks: AsyncIterable<Buffer>, head: string): AsyncGenerator<Piece> {
  const found: Piece[] = [];
  const problems: string[] = [];
  let count = 0;
  const is_list = head.trimStart().startsWith('[');
  const parser = new JSONParser({ paths: is_list ? ['$.*'] : OBJECT_PATHS, keepStack: false, stringBufferSize: STRING_BUFFER });
  parser.onValue = ({ value, key, stack }) => {
    count += 1;
    const outer = stack.length > 1 ? stack[1]?.key : key;
    found.push({ line: count, key: is_list ? null : keyOf(outer, stack.length), text: null, value, problem: null });
  };
  parser.onError = (error) => problems.push(error.message);
  for await (const chunk of chunks) {
    if (problems.length === 0) parser.write(chunk);
    yield* found.splice(0);
  }
  if (problems.length === 0 && !parser.isEnded) parser.end();
  const [problem] = problems;
  if (problem !== undefined) yield unreadable(count + 1, problem);
  else if (count === 0 && !is_list) yield unreadable(1, 'it is an object without messages, items or resourceSpans');
}

/** Of a span, or a conversation, it does not matter where it stands. */
function keyOf(outer: string | number | undefined, depth: number): string | null {
  return typeof outer === 'string' && depth <= 2 && !LISTS_OF_WHOLES.includes(outer) ? outer : null;
}

function unreadable(line: number, why: string): Piece {
  return { line, key: null, text: null, value: undefined, problem: why };
}
