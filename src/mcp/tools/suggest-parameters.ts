import * as z from 'zod';
import { counted } from '../../core/quote.ts';
import { suggestParametersFor } from '../../engine/suggest-parameters.ts';
import { READS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { percent } from '../format.ts';
import { anyJson, anyObject, count } from '../outputs.ts';
import { jsonObject, query, toolName } from '../parameters.ts';

export const suggestParametersTool = defineTool({
  name: 'suggest_parameters',
  toolset: 'agent',
  title: 'Suggest parameters',
  description: 'Arguments that worked for a tool before: successful, well rated, recent and for like queries.',
  annotations: READS,
  inputSchema: z.strictObject({
    tool_name: toolName,
    partial_args: jsonObject.optional().describe('What you decided already; kept'),
    query: query.optional(),
    limit: z.int().min(1).max(500).optional().describe('Latest successful calls looked at; default 100'),
  }),
  outputSchema: z.object({
    suggested_params: anyObject,
    confidence: z.number().min(0).max(1),
    reason: z.string(),
    sample_size: count,
    parameters: z.array(
      z.object({
        name: z.string(),
        value: anyJson,
        support: count.describe('Calls that used the value'),
        share: z.number().min(0).max(1).describe('Its weight among the values'),
      }),
    ),
  }),
  async run(engine, input) {
    const structured = await suggestParametersFor(engine, input);
    const { suggested_params, confidence, sample_size } = structured;
    if (sample_size === 0) return { structured, text: `No successful call of ${input.tool_name} is recorded; nothing to suggest.` };
    const learned = Object.keys(suggested_params).filter((name) => !Object.hasOwn(input.partial_args ?? {}, name)).length;
    const from = `from ${counted(sample_size, 'successful call')}`;
    return { structured, text: `${counted(learned, 'parameter')} suggested ${from}, confidence ${percent(confidence)}.` };
  },
});
