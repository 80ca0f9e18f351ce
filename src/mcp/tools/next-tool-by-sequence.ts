import * as z from 'zod';
import { nextToolBySequence } from '../../engine/next-tool-by-sequence.ts';
import { READS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { ranked } from '../format.ts';
import { count } from '../outputs.ts';
import { availableTools, recentTools, sessionId, topK } from '../parameters.ts';

export const nextToolBySequenceTool = defineTool({
  name: 'next_tool_by_sequence',
  toolset: 'agent',
  title: 'Next tool by sequence',
  description: 'Which tools followed the latest ones in earlier episodes, best first. Pass recent_tools or session_id.',
  annotations: READS,
  inputSchema: z.strictObject({
    recent_tools: recentTools.optional(),
    session_id: sessionId.optional(),
    available_tools: availableTools.optional(),
    top_k: topK.optional(),
  }),
  outputSchema: z.object({
    recommendations: z.array(
      z.object({
        rank: z.int().min(1),
        tool_name: z.string(),
        sequence_score: z.number(),
        probability: z.number().min(0).max(1).describe('That it comes next'),
        support: count.describe('Observations behind the numbers'),
        success_rate: z.number().min(0).max(1),
        avg_reward: z.number(),
        reason: z.string(),
      }),
    ),
  }),
  async run(engine, input) {
    const structured = await nextToolBySequence(engine, input);
    const none = 'No tool has followed these often and well enough to be advice; use recommend_tools';
    return { structured, text: `${ranked(structured.recommendations, (tool) => `${tool.tool_name} (${tool.reason})`, none)}.` };
  },
});
