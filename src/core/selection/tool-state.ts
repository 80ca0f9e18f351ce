import { LEAST_GRADIENT } from './linear-model.ts';

/** AdaGrad's step for a tool's own offset, and what keeps its first division finite. */
const OFFSET_RATE = 0.03;
const TINY = 1e-3;

/** What the request model knows of a tool besides its weights. */
export interface ToolState {
  /** Of its weights: changes when the tool has changed, so that it starts anew. −1: never seen in a call. */
  number: number;
  calls: number;
  successes: number;
  /** What every request adds to its score: learned slowly, so that a tool that fails everywhere sinks. */
  offset: number;
  offset_squares: number;
  /** The description has proved wrong. */
  distrusted: boolean;
}

export function newTool(number: number): ToolState {
  return { number, calls: 0, successes: 0, offset: 0, offset_squares: 0, distrusted: false };
}

/** Share of its calls that succeeded, in (0, 1): the mean of a Beta posterior from the prior Beta(1, 1). */
export function successRate({ calls, successes }: ToolState): number {
  return (successes + 1) / (calls + 2);
}

/** Forgets a tool by giving it another number: its old weights are never read again, and the new ones have full step sizes. */
export function startAnew(tool: ToolState, number: number): void {
  Object.assign(tool, newTool(number), { distrusted: true });
}

/** AdaGrad, g / √Σg²: its first steps are as long as a step may be, which sorts the tools out early. */
export function stepOffset(tool: ToolState, gradient: number): void {
  if (Math.abs(gradient) < LEAST_GRADIENT) return;
  tool.offset_squares += gradient * gradient;
  tool.offset -= (OFFSET_RATE * gradient) / (TINY + Math.sqrt(tool.offset_squares));
}
