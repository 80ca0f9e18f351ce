/**
 * A JSON-RPC error: the client's program sees code, message and data. The SDK's own McpError writes "MCP error <code>:" into the
 * message on the wire, and a client prefixes it again.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: number;
  readonly data?: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    if (data !== undefined) this.data = data;
  }
}

/** JSON-RPC 2.0: a line is not JSON. */
export const PARSE_ERROR = -32700;
/** JSON-RPC 2.0: a line is JSON, but no message. */
export const INVALID_REQUEST = -32600;
/** JSON-RPC 2.0: there is no such method. */
export const METHOD_NOT_FOUND = -32601;
/** JSON-RPC 2.0: the method exists, its parameters do not fit. */
export const INVALID_PARAMS = -32602;
/** JSON-RPC 2.0: the server's own fault. */
export const INTERNAL_ERROR = -32603;
/** MCP 2025-11-25, resources: there is no such resource. */
export const RESOURCE_NOT_FOUND = -32002;
