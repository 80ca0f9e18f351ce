import * as z from 'zod';
import { resetExploration } from '../../engine/reset-exploration.ts';
import { OVERWRITES } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { percent } from '../format.ts';

export const resetExplorationTool = defineTool({
  name: 'reset_exploration',
  toolset: 'admin',
  title: 'Reset exploration',
  description: 'Set the exploration rate of select_tool back to its start, when tools have changed and should be tried anew.',
  annotations: OVERWRITES,
  inputSchema: z.strictObject({}),
  outputSchema: z.object({ exploration_rate: z.number().min(0).max(1) }),
  async run(engine) {
    const structured = await resetExploration(engine);
    return { structured, text: `The exploration rate is ${percent(structured.exploration_rate)} again.` };
  },
});
