import type { GetPromptResult } from '@modelcontextprotocol/sdk/types.js';
import { nearest } from '../../core/nearest.ts';
import { quoted } from '../../core/quote.ts';
import { UserError } from '../../errors.ts';
import type { ServerContext } from '../call-tool.ts';
import { messageFor } from '../error-boundary.ts';
import { INTERNAL_ERROR, INVALID_PARAMS, ProtocolError } from '../protocol-error.ts';
import { RESOURCE_TYPE } from '../resources/resource.ts';
import { planWithToolsPrompt } from './plan-with-tools.ts';
import type { Prompt, RenderedPrompt } from './prompt.ts';
import { reviewSessionPrompt } from './review-session.ts';

export const PROMPTS: readonly Prompt[] = [planWithToolsPrompt, reviewSessionPrompt];

/** @throws ProtocolError −32602 when there is no such prompt, its argument is missing or names nothing */
export async function getPrompt(context: ServerContext, name: string, args: Readonly<Record<string, string>>): Promise<GetPromptResult> {
  const prompt = PROMPTS.find((candidate) => candidate.name === name);
  if (prompt === undefined) {
    const closest = nearest(
      name,
      PROMPTS.map((candidate) => candidate.name),
    );
    throw new ProtocolError(INVALID_PARAMS, `unknown prompt ${quoted(name)}; the nearest is ${closest}`);
  }
  const value = argumentOf(prompt, args);
  try {
    return { description: prompt.description, messages: messagesOf(await prompt.render(await context.engine(), value)) };
  } catch (error) {
    const code = error instanceof UserError ? INVALID_PARAMS : INTERNAL_ERROR;
    throw new ProtocolError(code, messageFor(error, `prompt ${prompt.name}`, context.log));
  }
}

function argumentOf({ name, argument }: Prompt, args: Readonly<Record<string, string>>): string {
  const value = new Map(Object.entries(args)).get(argument.name)?.trim();
  if (value === undefined || value === '')
    throw new ProtocolError(INVALID_PARAMS, `prompt ${name} needs the argument ${argument.name}: ${argument.description}`);
  if (value.length <= argument.longest) return value;
  throw new ProtocolError(INVALID_PARAMS, `${argument.name} has ${value.length} characters; give at most ${argument.longest}`);
}

function messagesOf({ text, document }: RenderedPrompt): GetPromptResult['messages'] {
  const message = { role: 'user' as const, content: { type: 'text' as const, text } };
  if (document === undefined) return [message];
  const resource = { uri: document.uri, mimeType: RESOURCE_TYPE, text: JSON.stringify(document.content) };
  return [message, { role: 'user', content: { type: 'resource', resource } }];
}
