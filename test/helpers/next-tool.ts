import { turnOutcome } from '../../src/capture/turn-outcome.ts';

/** A session as /work/shared/data/next-tool has them. */
export interface NextToolSession {
  readonly session_id: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly tool_name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly success: boolean;
  readonly query: string;
  readonly error_message?: string;
}

/** The session as a conversation of chat completions. */
export function asOpenAi({ session_id, steps }: NextToolSession): object {
  const messages = steps.flatMap((step, at) => [
    ...(step.query === steps[at - 1]?.query ? [] : [{ role: 'user', content: step.query }]),
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: `call_${at}`, type: 'function', function: { name: step.tool_name, arguments: JSON.stringify(step.arguments) } }],
    },
    { role: 'tool', tool_call_id: `call_${at}`, content: step.success ? 'done' : step.error_message, success: step.success },
  ]);
  return { session_id, messages };
}

/** The session as toolwise's own lines: its calls, and an episode for every request of the user. */
export function asToolwiseLines({ session_id, steps }: NextToolSession): object[] {
  return turnsIn(steps).flatMap((turn) => {
    const calls = turn.map((step, at) => ({ ...step, ...plainCall(step, turn[at - 1]) }));
    const executions = turn.map((step) => ({
      kind: 'execution',
      session_id,
      tool_name: step.tool_name,
      success: step.success,
      query: step.query,
      arguments: step.arguments,
      result: step.success ? 'done' : null,
      error_message: step.success ? null : step.error_message,
    }));
    const { outcome, confidence } = turnOutcome({ calls, end: 'left' });
    return [...executions, { kind: 'episode', session_id, outcome, confidence, tool_sequence: turn.map((step) => step.tool_name) }];
  });
}

function plainCall(step: Step, before: Step | undefined) {
  const is_same = JSON.stringify(before?.arguments) === JSON.stringify(step.arguments);
  const is_retry = before?.tool_name === step.tool_name && (!before.success || is_same);
  return { execution_id: '', was_denied: false, is_retry, group_id: null };
}

function turnsIn(steps: readonly Step[]): readonly (readonly Step[])[] {
  const turns: Step[][] = [];
  for (const step of steps) {
    const turn = turns.at(-1);
    if (turn?.[0]?.query === step.query) turn.push(step);
    else turns.push([step]);
  }
  return turns;
}
