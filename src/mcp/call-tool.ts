import { MAX_DEPTH, nestsDeeperThan } from '../core/json-depth.ts';
import { nearest } from '../core/nearest.ts';
import { quoted } from '../core/quote.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/logger.ts';
import { explainIssues, fieldName } from './bad-arguments.ts';
import type { Tool, ToolExtra } from './define-tool.ts';
import { messageFor } from './error-boundary.ts';
import { type Exposure, isExposed, whyHidden } from './exposure.ts';
import { INVALID_PARAMS, ProtocolError } from './protocol-error.ts';
import { TOOLS } from './tools/registry.ts';

/** What every request needs. The engine opens at its first use: starting the server touches no file. */
export interface ServerContext {
  readonly engine: () => Promise<Engine>;
  readonly exposure: Exposure;
  readonly log: Logger;
}

export interface ToolResult {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: true;
}

/** Characters of the text beside a structured answer. */
const LONGEST_TEXT = 400;

/**
 * The one error boundary of the tools. Whatever the agent can mend comes back as a result with isError that says how.
 * @throws ProtocolError −32602 when there is no such tool, or it is not offered
 */
export async function callTool(context: ServerContext, name: string, args: unknown, extra: ToolExtra): Promise<ToolResult> {
  const tool = findTool(context.exposure, name);
  const tooDeep = Object.entries(args ?? {}).find(([, value]) => nestsDeeperThan(value, MAX_DEPTH));
  if (tooDeep !== undefined) return failure(`${name}: ${explainDepth(...tooDeep)}`);
  try {
    const parsed = tool.inputSchema.safeParse(args ?? {});
    if (!parsed.success) return failure(`${name}: ${explainIssues(tool.inputSchema, args ?? {}, parsed.error.issues)}`);
    const { structured, text } = await tool.run(await context.engine(), parsed.data, extra);
    return { content: [{ type: 'text', text: cut(text) }], structuredContent: { ...structured } };
  } catch (error) {
    return failure(messageFor(error, name, context.log));
  }
}

function explainDepth(field: string, value: unknown): string {
  return `${fieldName([field])} is ${quoted(value)} nested deeper than ${MAX_DEPTH} levels; give a flatter value`;
}

function findTool(exposure: Exposure, name: string): Tool {
  const tool = TOOLS.get(name);
  const hidden = tool === undefined ? null : whyHidden(tool, exposure);
  if (hidden !== null) throw new ProtocolError(INVALID_PARAMS, hidden);
  if (tool !== undefined) return tool;
  const offered = [...TOOLS.values()].filter((candidate) => isExposed(candidate, exposure)).map((candidate) => candidate.name);
  const closest = nearest(name, offered);
  throw new ProtocolError(
    INVALID_PARAMS,
    `unknown tool ${quoted(name)}; ${closest === undefined ? 'none is offered' : `the nearest is ${closest}`}`,
  );
}

/** Long names must not make the line long. */
function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 3)}...` : text;
}

function failure(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}
