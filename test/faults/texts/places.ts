import type { StdioClient } from '../../helpers/stdio-client.ts';

/** A place where a client may put a text. */
export interface Place {
  readonly name: string;
  plant(client: StdioClient, text: string, n: number): Promise<unknown>;
}

const TOOLS = ['planted_tool', 'other_tool'];
const call = (n: number) => ({ session_id: `planted-${n % 20}`, tool_name: 'planted_tool', success: n % 3 > 0, available_tools: TOOLS });

function recorded(name: string, part: (text: string) => object): Place {
  return { name, plant: (client, text, n) => client.ask('record_execution', { ...call(n), ...part(text) }) };
}

/** Refused requests: what is wrong is told to the caller, not to the log. */
function refused(name: string, method: string, params: (text: string) => unknown): Place {
  return { name, plant: (client, text) => client.request(method, params(text)) };
}

export const PLACES: readonly Place[] = [
  recorded('an argument', (text) => ({ arguments: { note: text, path: '/tmp/a' } })),
  recorded('a nested argument', (text) => ({ arguments: { steps: [{ deep: { deeper: [1, text] } }] } })),
  recorded('the name of an argument', (text) => ({ arguments: { [text]: 1 } })),
  recorded('JSON in an argument', (text) => ({ arguments: { body: JSON.stringify({ inner: JSON.stringify({ text }) }) } })),
  recorded('the end of a long argument', (text) => ({ arguments: { log: `${'word '.repeat(790)}${text}` } })),
  recorded('a place that a cut goes through', (text) => ({ arguments: { log: `${'word '.repeat(816)}${text}${' word'.repeat(100)}` } })),
  recorded('the result', (text) => ({ result: text })),
  recorded('a JSON result', (text) => ({ result: JSON.stringify([{ output: text }], null, 2) })),
  recorded('a result near its cut', (text) => ({ result: `${'word '.repeat(394)}${text}${' word'.repeat(5000)}` })),
  recorded('the error', (text) => ({ error_message: `HTTP 401: ${text}\n    at fetch (/srv/app.js:10:3)` })),
  recorded('the query of a call', (text) => ({ query: `Please do this: ${text}` })),
  {
    name: 'the query of a recommendation',
    plant: (client, text, n) => client.ask('recommend_tools', { query: text, session_id: `planted-${n % 20}`, available_tools: TOOLS }),
  },
  { name: 'the query of a draw', plant: (client, text) => client.ask('select_tool', { query: `now ${text}`, available_tools: TOOLS }) },
  {
    name: "the user's words",
    async plant(client, text, n) {
      const { execution_id } = await client.ask('record_execution', call(n));
      return await client.ask('submit_feedback', { execution_id, rating: 4, feedback: text });
    },
  },
  {
    name: 'a description',
    plant: (client, text) => client.ask('register_tools', { tools: [{ name: 'planted_tool', description: text }] }),
  },
  {
    name: 'a schema',
    plant: (client, text) => {
      const input_schema = { properties: { a: { default: text, description: text, enum: [text] } } };
      return client.ask('register_tools', { tools: [{ name: 'other_tool', input_schema }] });
    },
  },
  {
    name: 'a question for arguments',
    plant: (client, text) => client.ask('suggest_parameters', { tool_name: 'planted_tool', query: text, partial_args: { note: text } }),
  },
  refused('a field of the wrong type', 'tools/call', (text) => ({ name: 'record_execution', arguments: { ...call(1), success: text } })),
  refused('an unknown field', 'tools/call', (text) => ({ name: 'record_execution', arguments: { ...call(1), [text]: text } })),
  refused('the name of a tool', 'tools/call', (text) => ({ name: text, arguments: {} })),
  refused('an unknown method', 'tools/none', (text) => ({ text })),
  refused('the address of a resource', 'resources/read', (text) => ({ uri: `toolwise://sessions/${encodeURIComponent(text)}` })),
  refused('a prompt', 'prompts/get', (text) => ({ name: 'plan_with_tools', arguments: { query: text } })),
  {
    name: 'lines that are no messages',
    async plant(client, text) {
      client.writeLine(`{"jsonrpc":"2.0","id":"x","method":"ping","params":{"a":${text}}}{`);
      client.writeLine(JSON.stringify({ hello: text }));
      return await client.request('ping');
    },
  },
];
