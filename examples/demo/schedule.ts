import { seededUniform } from '../../src/core/random.ts';
import type { Intent, Step, Thing } from './tasks/intent.ts';
import { requestText, thingOf } from './tasks/thing.ts';

export const QUARTERS = [1, 2, 3, 4] as const;
export type Quarter = (typeof QUARTERS)[number];

/** A step in words: `phrase` names the phrasing whatever the thing, `query` is what the user says. */
export interface AskedStep extends Step {
  readonly phrase: string;
  readonly query: string;
}

export interface Task {
  readonly number: number;
  readonly quarter: Quarter;
  readonly intent: string;
  readonly thing: Thing;
  readonly steps: readonly AskedStep[];
}

/**
 * The tasks in the order in which the agent meets them. The comparison of the quarters is fair: each holds every intent equally often
 * (an intent of the first half has an equal partner in the second), phrasings are drawn from the same lists throughout, and only the
 * order within a quarter and the things differ. So the last quarter is not easier; the reports that move away make it harder.
 */
export function scheduleOf(intents: readonly Intent[], seed: number): readonly Task[] {
  const uniform = seededUniform(seed);
  const order = QUARTERS.flatMap((quarter) => shuffled(intentsOf(intents, quarter), uniform).map((intent) => ({ quarter, intent })));
  return order.map(({ quarter, intent }, at) => {
    const thing = thingOf(at + 1);
    const steps = intent.steps.map((step) => asked(step, thing, uniform));
    return { number: thing.number, quarter, intent: intent.name, thing, steps };
  });
}

/** The same items in an order drawn from `uniform` (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], uniform: () => number): Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(uniform() * rest.length), 1));
}

function intentsOf(intents: readonly Intent[], quarter: Quarter): Intent[] {
  const half = quarter <= 2 ? 'first' : 'second';
  const present = intents.filter((intent) => intent.half === undefined || intent.half === half);
  return present.flatMap((intent) => Array<Intent>(intent.times).fill(intent));
}

function asked(step: Step, thing: Thing, uniform: () => number): AskedStep {
  const phrase = step.ask[Math.floor(uniform() * step.ask.length)] ?? '';
  return { ...step, phrase, query: requestText(phrase, thing) };
}
