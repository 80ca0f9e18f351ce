/** The load of every trial: what an agent that works through requests of eight calls would tell. The same index, the same call. */

export interface Execution {
  readonly session_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly execution_time_ms: number;
  readonly query: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const CALLS_A_SESSION = 8;
const TOOLS = 50;
const VERBS = ['find', 'read', 'compare', 'update', 'summarise', 'export', 'check', 'remove', 'list', 'create'];
const THINGS = ['balance', 'invoice', 'report', 'customer', 'branch', 'release note', 'ticket', 'calendar entry', 'budget', 'contract'];
const PLACES = ['Lyon', 'Boston', 'Osaka', 'Turin', 'Lagos', 'Quito', 'Perth'];

/** A whole number in [0, below), fixed by the index (Knuth's multiplicative hash, TAOCP 3, section 6.4). */
function pick(index: number, salt: number, below: number): number {
  return ((Math.imul(index * 31 + salt + 1, 2_654_435_761) >>> 8) % 16_777_213) % below;
}

function word(words: readonly string[], index: number, salt: number): string {
  return words[pick(index, salt, words.length)] ?? '';
}

/** Tool number `index`, as clients name tools: `mcp__server__tool`. */
export function toolName(index: number): string {
  const verb = VERBS[index % VERBS.length];
  return `mcp__${verb}_server__${verb}_item_${index}`;
}

export function toolNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => toolName(index));
}

/** The user's words in session number `session`: 700 different requests, and a number that hardly ever recurs. */
export function request(session: number): string {
  const thing = word(THINGS, session, 2);
  return `${word(VERBS, session, 1)} the ${thing} of the ${word(PLACES, session, 3)} office for entity ${pick(session, 4, 9_000)}`;
}

/** Execution number `index`: 50 tools, sessions of eight calls, arguments of about 150 bytes, one failure in eight. */
export function typicalExecution(index: number): Execution {
  const session = Math.floor(index / CALLS_A_SESSION);
  return {
    session_id: `session-${session}`,
    tool_name: toolName(pick(index, 5, TOOLS)),
    success: pick(index, 6, 8) > 0,
    execution_time_ms: 20 + pick(index, 7, 2_000),
    query: request(session),
    arguments: {
      path: `/data/projects/${word(THINGS, index, 8)}/${pick(index, 9, 1_000)}.json`,
      filter: `status = open and region = ${word(PLACES, index, 10)}`,
      limit: 10 * pick(index, 11, 10),
      include_archived: pick(index, 12, 2) === 0,
      format: 'json',
    },
  };
}

/** What a memory of texts would keep of the same execution. */
export function observation(index: number): string {
  return JSON.stringify(typicalExecution(index));
}
