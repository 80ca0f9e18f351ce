import type { ToolAnnotations } from './define-tool.ts';

/** Changes nothing that is learned (advice given is logged so that its outcome can be joined to it, unless --read-only). */
export const READS: ToolAnnotations = Object.freeze({
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
});

/** Adds to what is learned; every call counts. */
export const ADDS: ToolAnnotations = Object.freeze({
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
});

/** Adds to what is learned; the same call again changes nothing. */
export const ADDS_ONCE: ToolAnnotations = Object.freeze({ ...ADDS, idempotentHint: true });

/** Overwrites something that was learned. */
export const OVERWRITES: ToolAnnotations = Object.freeze({ ...ADDS_ONCE, destructiveHint: true });
