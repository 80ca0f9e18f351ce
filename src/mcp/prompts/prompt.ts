import type { Engine } from '../../engine/engine.ts';

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  /** Longest value taken, characters. */
  readonly longest: number;
  complete?(engine: Engine, prefix: string, limit: number): Promise<readonly string[]>;
}

/** A prompt with one required argument. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly argument: PromptArgument;
  /** The user's message, and documents to go with it. @throws UserError when the value names nothing */
  render(engine: Engine, value: string): Promise<RenderedPrompt>;
}

export interface RenderedPrompt {
  readonly text: string;
  readonly document?: { readonly uri: string; readonly content: object };
}
