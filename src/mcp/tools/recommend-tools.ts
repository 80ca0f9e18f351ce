import * as z from 'zod';
import { recommendTools } from '../../engine/recommend-tools.ts';
import { READS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { percent, ranked } from '../format.ts';
import { count, numberOrNull } from '../outputs.ts';
import { availableTools, query, recentTools, sessionId, sessionLength, toolName, topK } from '../parameters.ts';

export const recommendToolsTool = defineTool({
  name: 'recommend_tools',
  toolset: 'agent',
  title: 'Recommend tools',
  description:
    'Rank the tools for the next step by what earlier calls taught, best first, with reasons. Call it before each tool call; pass its recommendation_id to record_execution.',
  annotations: READS,
  inputSchema: z.strictObject({
    query: query.optional(),
    session_id: sessionId.optional(),
    previous_tool: toolName.optional(),
    recent_tools: recentTools.optional(),
    session_length: sessionLength.optional(),
    available_tools: availableTools.optional(),
    top_k: topK.optional(),
    explain: z.boolean().optional().describe('Add the parts of each score'),
  }),
  outputSchema: z.object({
    recommendation_id: z.string(),
    context_hash: z.string(),
    recommendations: z.array(
      z.object({
        rank: z.int().min(1),
        tool_name: z.string(),
        score: z.number().describe('Ranks within this answer only'),
        confidence: z.number().min(0).max(1).describe('Probability that it is the right next call'),
        reason: z.string(),
        q_value: z.number(),
        support: count.describe('Calls of the tool behind the numbers'),
        sessions: count.describe('Sessions that made them'),
        success_rate: numberOrNull,
        avg_rating: numberOrNull,
        avg_execution_time_ms: numberOrNull,
        parts: z.record(z.string(), z.number()).optional().describe('Contributions; they sum to the score'),
      }),
    ),
  }),
  async run(engine, input) {
    const structured = await recommendTools(engine, input);
    const list = ranked(
      structured.recommendations,
      (tool) => `${tool.tool_name} (confidence ${percent(tool.confidence)}; ${tool.reason})`,
      input.available_tools === undefined
        ? 'No tools are known yet: pass available_tools or call register_tools'
        : 'available_tools is empty: name the tools you may call, or leave it out to rank all known ones',
    );
    return { structured, text: `recommendation_id ${structured.recommendation_id}: ${list}.` };
  },
});
