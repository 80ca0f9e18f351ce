import * as z from 'zod';
import { counted } from '../../core/quote.ts';
import { getPolicy } from '../../engine/get-policy.ts';
import { READS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { ranked, short } from '../format.ts';
import { count, nextCursor } from '../outputs.ts';
import { contextHash, cursor, limit, toolName } from '../parameters.ts';

export const getPolicyTool = defineTool({
  name: 'get_policy',
  toolset: 'insight',
  title: 'Learned values',
  description: 'The learned Q-table: value and visits of each tool in each context, greatest value first.',
  annotations: READS,
  inputSchema: z.strictObject({
    tool_name: toolName.optional(),
    context_hash: contextHash.optional(),
    limit: limit.optional(),
    cursor: cursor.optional(),
  }),
  outputSchema: z.object({
    policies: z.array(
      z.object({
        tool_name: z.string(),
        context_hash: z.string(),
        q_value: z.number(),
        visit_count: count,
        confidence: z.number().min(0).max(1),
        last_updated: z.string().describe('ISO 8601'),
      }),
    ),
    next_cursor: nextCursor,
  }),
  async run(engine, input) {
    const structured = await getPolicy(engine, input);
    const list = ranked(
      structured.policies,
      (entry) => `${entry.tool_name} ${short(entry.q_value)} (${counted(entry.visit_count, 'visit')})`,
      none(input),
    );
    return { structured, text: `${list}.` };
  },
});

function none(input: Readonly<Partial<Record<'tool_name' | 'context_hash' | 'cursor', string | undefined>>>): string {
  if (input.cursor !== undefined) return 'No more values';
  const of = input.tool_name === undefined ? '' : ` of ${input.tool_name}`;
  return `No value${of} has been learned yet${input.context_hash === undefined ? '' : ' in this context'}`;
}
