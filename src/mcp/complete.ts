import type { CompleteRequest, CompleteResult } from '@modelcontextprotocol/sdk/types.js';
import { quoted } from '../core/quote.ts';
import type { Engine } from '../engine/engine.ts';
import type { ServerContext } from './call-tool.ts';
import { messageFor } from './error-boundary.ts';
import { PROMPTS } from './prompts/get-prompt.ts';
import { INTERNAL_ERROR, INVALID_PARAMS, ProtocolError } from './protocol-error.ts';
import { RESOURCE_FAMILIES } from './resources/registry.ts';
import { templateOf } from './resources/resource.ts';

type Completer = (engine: Engine, prefix: string, limit: number) => Promise<readonly string[]>;

/** The protocol's most values in one answer. */
const MOST = 100;
const NOTHING: Completer = async () => [];

/** Tool names and session ids that begin with what was typed. @throws ProtocolError −32602 when the reference is unknown */
export async function complete(context: ServerContext, { ref, argument }: CompleteRequest['params']): Promise<CompleteResult> {
  const completer = ref.type === 'ref/prompt' ? ofPrompt(ref.name, argument.name) : ofResource(ref.uri, argument.name);
  try {
    const values = await completer(await context.engine(), argument.value.slice(0, 128), MOST + 1);
    return { completion: { values: values.slice(0, MOST), hasMore: values.length > MOST } };
  } catch (error) {
    throw new ProtocolError(INTERNAL_ERROR, messageFor(error, 'completion/complete', context.log));
  }
}

function ofPrompt(name: string, argument: string): Completer {
  const prompt = PROMPTS.find((candidate) => candidate.name === name);
  if (prompt === undefined) throw new ProtocolError(INVALID_PARAMS, `unknown prompt ${quoted(name)}`);
  return (prompt.argument.name === argument ? prompt.argument.complete : undefined) ?? NOTHING;
}

function ofResource(uri: string, argument: string): Completer {
  const family = RESOURCE_FAMILIES.find((candidate) => templateOf(candidate) === uri);
  if (family === undefined) throw new ProtocolError(INVALID_PARAMS, `unknown resource template ${quoted(uri)}`);
  return family.variable === argument ? family.complete : NOTHING;
}
