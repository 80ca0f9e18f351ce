import * as z from 'zod';
import { recordExecution } from '../../engine/record-execution.ts';
import { ADDS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { short } from '../format.ts';
import { count, textOrNull } from '../outputs.ts';
import {
  availableTools,
  executionId,
  jsonObject,
  longText,
  milliseconds,
  query,
  recommendationId,
  sessionId,
  stars,
  toolName,
} from '../parameters.ts';

export const recordExecutionTool = defineTool({
  name: 'record_execution',
  toolset: 'agent',
  title: 'Record a tool call',
  description: 'Report a tool call after it was made, failures too: this is what is learned from.',
  annotations: ADDS,
  inputSchema: z.strictObject({
    session_id: sessionId,
    tool_name: toolName,
    success: z.boolean().describe('Did it do what was wanted?'),
    execution_time_ms: milliseconds.optional(),
    query: query.optional(),
    arguments: jsonObject.optional(),
    result: longText.optional().describe('What it returned; JSON as text'),
    error_message: longText.optional(),
    user_rating: stars.optional(),
    available_tools: availableTools.optional(),
    is_terminal: z.boolean().optional().describe('The task ends with this call'),
    recommendation_id: recommendationId.optional(),
    execution_id: executionId.optional().describe('Your own id: the same again records nothing'),
  }),
  outputSchema: z.object({
    execution_id: z.string(),
    duplicate: z.boolean().describe('Recorded before; nothing was written'),
    reward: z.number(),
    reward_components: z.object({ outcome: z.number(), rating: z.number(), time: z.number(), speed: z.number() }),
    td_error: z.number(),
    q_value: z.number(),
    visit_count: count,
    context_hash: z.string(),
    next_context_hash: textOrNull,
    recommendation: z
      .object({ recommendation_id: z.string(), rank: z.int().min(1).nullable(), followed: z.boolean() })
      .nullable()
      .describe('The advice it is joined to'),
  }),
  async run(engine, input) {
    const structured = await recordExecution(engine, input);
    const { duplicate, execution_id, reward, q_value } = structured;
    const done = duplicate ? 'Recorded before, nothing changed' : 'Recorded';
    return { structured, text: `${done}: execution_id ${execution_id}, reward ${short(reward)}, value now ${short(q_value)}.` };
  },
});
