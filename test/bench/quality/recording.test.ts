import { describe, expect, it } from 'vitest';
import { Recording } from '../../../bench/quality/recording.ts';
import type { Toolwise } from '../../../examples/support/toolwise.ts';

/** Answers nothing, and keeps what it was asked. */
function listener(): Toolwise & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async (tool) => {
      asked.push(tool);
      return {} as never;
    },
    close: async () => undefined,
  };
}

describe('the recording of an agent’s work', () => {
  it('keeps the calls of each session apart, as they went, and passes everything on', async () => {
    const toolwise = listener();
    const recording = new Recording(toolwise, ['a', 'b']);
    const call = { tool_name: 'a', success: true, execution_time_ms: 12.4, query: 'q1', arguments: { path: '/secret' }, result: 'text' };
    await recording.ask('recommend_tools', { session_id: 'one', query: 'q1' });
    await recording.ask('record_execution', { ...call, session_id: 'one' });
    await recording.ask('record_execution', { ...call, session_id: 'two', success: false, tool_name: 'b', query: 'q2' });
    await recording.ask('record_execution', { ...call, session_id: 'one', tool_name: 'b', query: 'q3' });
    await recording.ask('log_episode', { session_id: 'one', outcome: 'success' });
    expect(recording.sessions()).toEqual([
      {
        query: 'q1',
        available_tools: ['a', 'b'],
        steps: [
          { tool_name: 'a', success: true, query: 'q1', execution_time_ms: 12 },
          { tool_name: 'b', success: true, query: 'q3', execution_time_ms: 12 },
        ],
        outcome: 'success',
      },
    ]);
    expect(toolwise.asked).toEqual(['recommend_tools', ...Array(3).fill('record_execution'), 'log_episode']);
  });
});
