import { asRecord, contentText } from './fields.ts';

/** A call that did not run, and what the model was told about it. */
export interface Refusal {
  /** A person, or a rule a person made, said no; else the call itself was wrong. */
  readonly was_denied: boolean;
  readonly text: string;
}

/**
 * How Claude Code begins what it tells the model when the user, or a rule of the user's, refused a call, or nobody was there to ask; and what
 * transcripts have beside it.
 */
const DENIED =
  /^(?:Error: )?(?:The user doesn't want to (?:proceed|take this action)|Permission to use [\s\S]{1,8000}? has been denied|Permission for this (?:action|tool use) was denied|Claude requested permissions? to |User rejected tool use|\[Request interrupted by user)/;
/** The same for a call whose arguments did not fit. A call that was given up because one beside it failed is none of these. */
const MALFORMED = /^<tool_use_error>(?!Cancelled: parallel tool call)/;

/**
 * Reads what the model was told about a call that did not run, as PostToolBatch has it: a text, or the content of a message. null: it ran, or
 * nothing was said. Only the beginning counts, so that a tool's answer about refusals is not taken for one.
 */
export function refusalIn(answer: unknown): Refusal | null {
  const text = contentText(asRecord(answer)?.['content'] ?? answer);
  if (text === null) return null;
  if (DENIED.test(text)) return { was_denied: true, text };
  return MALFORMED.test(text) ? { was_denied: false, text: text.replace(/<\/?tool_use_error>/g, '') } : null;
}
