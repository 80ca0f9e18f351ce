import * as z from 'zod';
import { selectTool } from '../../engine/select-tool.ts';
import { ADDS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { percent } from '../format.ts';
import { policyName, query, sessionId, sessionLength, toolName } from '../parameters.ts';

export const selectToolTool = defineTool({
  name: 'select_tool',
  toolset: 'agent',
  title: 'Select one tool',
  description:
    'Draw one tool, now and then a less certain one, to learn more (exploration). Use recommend_tools when the best known tool is wanted.',
  annotations: ADDS,
  inputSchema: z.strictObject({
    query: query.optional(),
    session_id: sessionId.optional(),
    previous_tool: toolName.optional(),
    session_length: sessionLength.optional(),
    available_tools: z.array(toolName).min(1).max(5000).describe('Tools to choose from'),
    policy: policyName.optional(),
  }),
  outputSchema: z.object({
    recommendation_id: z.string(),
    tool_name: z.string(),
    was_exploration: z.boolean(),
    propensity: z.number().min(0).max(1).describe('Probability with which this tool was drawn'),
    exploration_rate: z.number().min(0).max(1),
    policy: policyName,
  }),
  async run(engine, input) {
    const structured = await selectTool(engine, input);
    const why = structured.was_exploration ? 'exploration' : 'none is valued higher';
    return {
      structured,
      text: `${structured.tool_name} (${why}, drawn with probability ${percent(structured.propensity)} by ${structured.policy}). recommendation_id ${structured.recommendation_id}`,
    };
  },
});
