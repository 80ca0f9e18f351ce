import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The definition that each method's result must match (schema 2025-11-25). */
const RESULT_OF: ReadonlyMap<string, string> = new Map([
  ['initialize', 'InitializeResult'],
  ['ping', 'EmptyResult'],
  ['tools/list', 'ListToolsResult'],
  ['tools/call', 'CallToolResult'],
  ['resources/list', 'ListResourcesResult'],
  ['resources/templates/list', 'ListResourceTemplatesResult'],
  ['resources/read', 'ReadResourceResult'],
  ['resources/subscribe', 'EmptyResult'],
  ['prompts/list', 'ListPromptsResult'],
  ['prompts/get', 'GetPromptResult'],
  ['completion/complete', 'CompleteResult'],
]);

export interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

const official: unknown = JSON.parse(readFileSync(new URL('../e2e/schema-2025-11-25.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { uri: true, byte: true, 'uri-template': true } });
ajv.addSchema(official as object, 'mcp');

function validatorOf(definition: string): ValidateFunction {
  const validate = ajv.getSchema(`mcp#/$defs/${definition}`);
  if (validate === undefined) throw new Error(`the protocol's schema has no ${definition}`);
  return validate;
}

function faultsAgainst(definition: string, value: unknown): string[] {
  const validate = validatorOf(definition);
  return validate(value) ? [] : [`not a ${definition}: ${ajv.errorsText(validate.errors)}`];
}

/** The message on one line of stdout; null when the line is not JSON. */
export function parseLine(line: string): Message | null {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return null;
  }
}

/**
 * What is wrong with one line that a server wrote, by the protocol's own schema; empty when nothing is.
 * @param methodOf the method of the request with this id
 */
export function faultsOf(line: string, methodOf: (id: string | number) => string | undefined): readonly string[] {
  const message = parseLine(line);
  if (message === null) return [`not JSON: ${line.slice(0, 200)}`];
  const faults = faultsAgainst('JSONRPCMessage', message);
  if (message.method !== undefined)
    faults.push(...faultsAgainst(message.id === undefined ? 'ServerNotification' : 'ServerRequest', message));
  if (message.result !== undefined) faults.push(...resultFaults(message, methodOf));
  return faults.map((fault) => `${fault}: ${line.slice(0, 200)}`);
}

function resultFaults(message: Message, methodOf: (id: string | number) => string | undefined): readonly string[] {
  const method = message.id === undefined ? undefined : methodOf(message.id);
  if (method === undefined) return ['answers a request that was never sent'];
  const definition = RESULT_OF.get(method);
  return definition === undefined ? [`no result is known for ${method}`] : faultsAgainst(definition, message.result);
}

const compiled = new Map<string, ValidateFunction>();

/** A validator of the JSON Schema (2020-12) that a tool advertises for its arguments or its answer. */
export function validatorFor(schema: object): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = compiled.get(text) ?? ajv.compile(schema);
  compiled.set(text, known);
  return known;
}
