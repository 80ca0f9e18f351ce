import { expect } from 'vitest';
import type { Answers } from '../../helpers/answers.ts';
import { type Expected, expectRecord } from './expect-record.ts';
import { expectEpisode, expectFeedback, expectRecommend, expectRegister, expectReset, expectSelect, expectTrain } from './expect-write.ts';
import type { Advice, Execution, Model } from './model.ts';
import type { Write } from './steps.ts';

export type ToolCall = readonly [name: keyof Answers, args: object];

/** What a tool returned, as far as it is compared. */
export interface Told {
  readonly isError?: boolean;
  readonly content?: readonly { readonly text: string }[];
  readonly structuredContent?: object;
}

/** The so-many-th latest execution. */
export function executionAt(model: Model, which: number): Execution | undefined {
  return model.executions.at(-1 - which);
}

/** The so-many-th latest advice whose id was told; null: none is named. */
function adviceAt(model: Model, which: number | null): Advice | undefined {
  return which === null ? undefined : model.advice.filter(({ recommendation_id }) => !isLost(recommendation_id)).at(-1 - which);
}

/** The id of advice whose answer was lost with its server. */
export function lostId(model: Model): string {
  return `lost ${model.advice.length}`;
}

function isLost(recommendation_id: string): boolean {
  return recommendation_id.startsWith('lost ');
}

/** The call of a step; null: there is nothing yet that it could be about. */
export function callOf(model: Model, step: Write): ToolCall | null {
  if (step.kind === 'register') return ['register_tools', { tools: step.tools }];
  if (step.kind === 'recommend') return ['recommend_tools', step.args];
  if (step.kind === 'select') return ['select_tool', step.args];
  if (step.kind === 'episode') return ['log_episode', step.args];
  if (step.kind === 'reset') return ['reset_exploration', {}];
  if (step.kind === 'train') {
    const { kind: _, ...args } = step;
    return ['train', args];
  }
  if (step.kind === 'record') {
    const advice = adviceAt(model, step.advice);
    return ['record_execution', advice === undefined ? step.args : { ...step.args, recommendation_id: advice.recommendation_id }];
  }
  const { rating, words } = step;
  const execution = executionAt(model, step.which);
  const said = words === undefined ? {} : { feedback: words };
  return execution === undefined ? null : ['submit_feedback', { execution_id: execution.execution_id, rating, ...said }];
}

/** What the call of the step must be answered. @param maybe_twice it may have happened before, and the answer was lost */
export function expectedOf(model: Model, step: Write, maybe_twice: boolean): Expected<never> {
  if (step.kind === 'register') return expectRegister(model, step, maybe_twice);
  if (step.kind === 'recommend') return expectRecommend(model, step);
  if (step.kind === 'select') return expectSelect(model, step);
  if (step.kind === 'episode') return expectEpisode(model, step.args, maybe_twice);
  if (step.kind === 'reset') return expectReset(model);
  if (step.kind === 'train') return expectTrain(model, step);
  if (step.kind === 'record') return expectRecord(model, step.args, adviceAt(model, step.advice), maybe_twice);
  const execution = executionAt(model, step.which);
  if (execution === undefined) throw new Error('there is no execution to rate');
  return expectFeedback(model, step, execution, maybe_twice);
}

/** The stored answer for an execution_id that is given again; for another call it is refused. */
export function expectedAgain(model: Model, call: Execution, otherwise: boolean): Expected<never> {
  if (otherwise) return { answer: null, refused: /execution_id/, apply: () => {} };
  const { execution_id, td_error, q_value, visit_count, advice } = call;
  const context_hash = model.hashOf(call.context);
  const next_context_hash = call.next_context === null ? null : model.hashOf(call.next_context);
  const stored = { execution_id, td_error, q_value, visit_count, context_hash, next_context_hash, recommendation: advice };
  return { answer: { ...stored, duplicate: true, reward: expect.closeTo(call.reward, 7) }, apply: () => {} };
}

/** Compares an answer with what the model expects, and lets the model learn from it. */
export function take(expected: Expected<never>, told: Told): void {
  if (expected.answer === null) {
    expect(told.isError, `accepted: ${JSON.stringify(told)}`).toBe(true);
    expect(told.content?.[0]?.text).toMatch(expected.refused ?? /./);
    return;
  }
  expect(told.structuredContent, told.content?.[0]?.text).toMatchObject(expected.answer);
  expected.apply(told.structuredContent as never);
}
