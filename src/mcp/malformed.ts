import * as z from 'zod';
import { inert } from '../core/quote.ts';
import { INVALID_REQUEST, PARSE_ERROR, ProtocolError } from './protocol-error.ts';

/**
 * What is wrong with a line that is no JSON-RPC message, in one sentence (the schema's own is a page, and repeats with every such line).
 * @param error from the SDK's transport; null: it is about something else
 */
export function malformed(error: Error): ProtocolError | null {
  if (error instanceof SyntaxError)
    return new ProtocolError(PARSE_ERROR, `it is not JSON; send one JSON object a line (${inert(error.message)})`);
  if (!(error instanceof z.core.$ZodError)) return null;
  return new ProtocolError(
    INVALID_REQUEST,
    'it is not JSON-RPC 2.0; send {"jsonrpc": "2.0", ...}, no batch, with a text or whole number as id',
  );
}
