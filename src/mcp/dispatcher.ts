import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest, ServerResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { explainIssues } from './bad-arguments.ts';
import { INVALID_PARAMS, METHOD_NOT_FOUND, ProtocolError } from './protocol-error.ts';

export type RequestExtra = RequestHandlerExtra<ServerRequest, ServerNotification>;
type Handler = (request: unknown, extra: RequestExtra) => Promise<ServerResult> | ServerResult;

/**
 * The methods this server answers, apart from those of the SDK itself (initialize, ping). The SDK's own registration answers a
 * request that does not fit its schema with a page of JSON, for most methods as −32603; here it is −32602 with the field's name.
 */
export class Dispatcher {
  readonly #handlers = new Map<string, Handler>();

  /** @param schema the SDK's schema of the request; its `method` names the method */
  on<Schema extends z.ZodObject>(
    schema: Schema,
    handler: (request: z.output<Schema>, extra: RequestExtra) => Promise<ServerResult> | ServerResult,
  ): this {
    this.#handlers.set(methodOf(schema), (request, extra) => {
      const parsed = schema.safeParse(request);
      if (parsed.success) return handler(parsed.data, extra);
      throw new ProtocolError(INVALID_PARAMS, explainIssues(schema, request, parsed.error.issues));
    });
    return this;
  }

  attach(server: Server): void {
    server.fallbackRequestHandler = async (request, extra) => {
      const handler = this.#handlers.get(request.method);
      if (handler === undefined) throw new ProtocolError(METHOD_NOT_FOUND, 'Method not found');
      return await handler(request, extra);
    };
  }
}

function methodOf(schema: z.ZodObject): string {
  const method = schema.shape['method'];
  if (!(method instanceof z.ZodLiteral)) throw new TypeError('the schema of a request names its method');
  return String(method.value);
}
