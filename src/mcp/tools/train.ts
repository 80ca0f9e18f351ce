import * as z from 'zod';
import { counted } from '../../core/quote.ts';
import { train } from '../../engine/train.ts';
import { ADDS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { short } from '../format.ts';
import { count, numberOrNull } from '../outputs.ts';

export const trainTool = defineTool({
  name: 'train',
  toolset: 'admin',
  title: 'Train from memory',
  description: 'Run replay batches over remembered calls now. Happens by itself every few calls; rarely needed.',
  annotations: ADDS,
  inputSchema: z.strictObject({
    batches: z.int().min(1).max(1000).optional().describe('Default 10'),
    batch_size: z.int().min(1).max(10_000).optional().describe('Calls a batch; default: as configured'),
  }),
  outputSchema: z.object({
    batches: count.describe('Run'),
    transitions: count.describe('Replayed'),
    avg_td_error: numberOrNull.describe('Mean absolute TD error'),
  }),
  async run(engine, input, extra) {
    const structured = await train(engine, input, extra);
    const { batches, transitions, avg_td_error } = structured;
    const done = `${batches} of replay over ${counted(transitions, 'call')}, mean TD error ${short(avg_td_error, 3)}.`;
    return { structured, text: batches === 0 ? 'Too little is remembered for a batch.' : `Batches: ${done}` };
  },
});
