import type * as z from 'zod';
import type { Engine } from '../engine/engine.ts';

/** Which part of the server a tool belongs to; `exposure.ts` decides which parts are offered. */
export const TOOLSETS = ['agent', 'insight', 'admin'] as const;
export type Toolset = (typeof TOOLSETS)[number];

/** All four hints are explicit: the protocol's defaults are pessimistic (destructive, open world). */
export interface ToolAnnotations {
  /** Nothing that is learned changes. */
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** What a long call may tell and must watch. */
export interface ToolExtra {
  /** Tells the client how far the work is; absent when it did not ask. */
  readonly progress?: (done: number, total: number, message: string) => Promise<void>;
  /** Aborted when the client cancels the request. */
  readonly signal: AbortSignal;
}

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** `structured` obeys the tool's outputSchema; `text` is one short line for a model to read, never bulk JSON. */
export interface ToolAnswer<Output> {
  readonly structured: DeepReadonly<Output>;
  readonly text: string;
}

export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly toolset: Toolset;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly inputSchema: Input;
  readonly outputSchema: Output;
  /** @throws UserError for the agent's mistake, StorageError when the database cannot do its part */
  run(engine: Engine, input: z.output<Input>, extra: ToolExtra): Promise<ToolAnswer<z.output<Output>>>;
}

/** A tool whose schemas are not known to the compiler: what the registry holds. */
export type Tool = ToolDefinition<z.ZodObject, z.ZodObject>;

/** Identity; its only job is to infer the types of `run` from the schemas. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
  return Object.freeze(tool);
}
