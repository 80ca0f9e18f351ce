import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { inert } from '../core/quote.ts';
import { callTool, type ServerContext } from './call-tool.ts';
import { complete } from './complete.ts';
import type { ToolExtra } from './define-tool.ts';
import { Dispatcher, type RequestExtra } from './dispatcher.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { listedTools } from './list-tools.ts';
import { getPrompt, PROMPTS } from './prompts/get-prompt.ts';
import { INVALID_PARAMS, ProtocolError } from './protocol-error.ts';
import { readResource } from './resources/read-resource.ts';
import { RESOURCE_FAMILIES, RESOURCES } from './resources/registry.ts';
import { RESOURCE_TYPE, templateOf } from './resources/resource.ts';

/** Characters of an error on stderr. */
const LONGEST_REASON = 300;

export interface ServerOptions extends ServerContext {
  /** Version of the product. */
  readonly version: string;
}

/**
 * The MCP server, not yet connected to a transport. The SDK's low-level `Server` is marked deprecated in favour of `McpServer`; it
 * is used on purpose: McpServer stamps draft-07 on every schema, answers an unknown tool with a result instead of −32602, and
 * makes the bundle 450 kB larger. All that touches the SDK is this file, dispatcher.ts, and what stands
 * between it and stdio: stdio.ts, line-transport.ts, in-flight.ts and malformed.ts.
 */
export function createServer({ version, ...context }: ServerOptions): Server {
  const server = new Server(
    { name: 'toolwise', title: 'toolwise', version },
    {
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: INSTRUCTIONS,
      jsonSchemaValidator: { getValidator: neverAsked }, // the default one builds an Ajv at every start
    },
  );
  const dispatcher = new Dispatcher();
  handleTools(dispatcher, context);
  handleResources(dispatcher, context);
  handlePrompts(dispatcher, context);
  dispatcher.on(CompleteRequestSchema, ({ params }) => complete(context, params));
  dispatcher.attach(server);
  server.onerror = (error) => context.log.warn(`a message was not handled: ${inert(error.message.slice(0, LONGEST_REASON))}`);
  return server;
}

function handleTools(dispatcher: Dispatcher, context: ServerContext): void {
  let tools: ReturnType<typeof listedTools> | undefined;
  dispatcher.on(ListToolsRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    tools ??= listedTools(context.exposure);
    return { tools };
  });
  dispatcher.on(CallToolRequestSchema, async ({ params }, extra) => ({
    ...(await callTool(context, params.name, params.arguments, toolExtra(extra))),
  }));
}

function handleResources(dispatcher: Dispatcher, context: ServerContext): void {
  dispatcher.on(ListResourcesRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    return { resources: RESOURCES.map(({ read: _, ...resource }) => ({ ...resource, mimeType: RESOURCE_TYPE })) };
  });
  dispatcher.on(ListResourceTemplatesRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    const resourceTemplates = RESOURCE_FAMILIES.map((family) => ({
      uriTemplate: templateOf(family),
      name: family.name,
      title: family.title,
      description: family.description,
      mimeType: RESOURCE_TYPE,
    }));
    return { resourceTemplates };
  });
  dispatcher.on(ReadResourceRequestSchema, ({ params }) => readResource(context, params.uri).then((contents) => ({ ...contents })));
}

function handlePrompts(dispatcher: Dispatcher, context: ServerContext): void {
  dispatcher.on(ListPromptsRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    const prompts = PROMPTS.map(({ name, title, description, argument }) => ({
      name,
      title,
      description,
      arguments: [{ name: argument.name, description: argument.description, required: true }],
    }));
    return { prompts };
  });
  dispatcher.on(GetPromptRequestSchema, ({ params }) => getPrompt(context, params.name, params.arguments ?? {}));
}

/** Every list fits one page, so no cursor was ever given out. */
function refuseCursor(cursor: string | undefined): void {
  if (cursor !== undefined) throw new ProtocolError(INVALID_PARAMS, 'cursor is not one this server gave; leave it out');
}

function toolExtra({ signal, _meta, sendNotification }: RequestExtra): ToolExtra {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return { signal };
  const progress = (done: number, total: number, message: string) =>
    sendNotification({ method: 'notifications/progress', params: { progressToken, progress: done, total, message } });
  return { signal, progress };
}

function neverAsked(): never {
  throw new Error('toolwise asks clients for nothing that needs validation');
}
