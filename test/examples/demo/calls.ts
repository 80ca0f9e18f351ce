import type { Call } from '../../../examples/demo/agent.ts';
import type { Quarter, Task } from '../../../examples/demo/schedule.ts';
import { thingOf } from '../../../examples/demo/tasks/thing.ts';

export const TOOLS = ['a', 'b', 'c', 'd'];

/** A call of the right tool `a` that worked, unless said otherwise. */
export function callOf(quarter: Quarter, changes: Partial<Omit<Call, 'task'>> = {}): Call {
  const task: Task = { number: 1, quarter, intent: 'read', thing: thingOf(1), steps: [] };
  const right = changes.right ?? 'a';
  const called = changes.called ?? right;
  return {
    task,
    phrase: 'Read {file}',
    scored: true,
    right,
    called,
    ranking: TOOLS,
    success: true,
    expected_success: true,
    error: null,
    ...changes,
  };
}
