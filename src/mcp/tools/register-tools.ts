import * as z from 'zod';
import { counted } from '../../core/quote.ts';
import { registerTools } from '../../engine/register-tools.ts';
import { ADDS_ONCE } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { count } from '../outputs.ts';
import { jsonObject, toolDescription, toolName } from '../parameters.ts';

export const registerToolsTool = defineTool({
  name: 'register_tools',
  toolset: 'agent',
  title: 'Register tools',
  description:
    'Tell which tools you have, so that they can be recommended before their first call. Known tools get the new description; nothing learned is lost.',
  annotations: ADDS_ONCE,
  inputSchema: z.strictObject({
    tools: z
      .array(
        z.strictObject({
          name: toolName,
          description: toolDescription.optional(),
          input_schema: jsonObject.optional().describe('JSON Schema of its arguments'),
        }),
      )
      .min(1)
      .max(500),
  }),
  outputSchema: z.object({
    registered: count.describe('Tools that were not registered before'),
    updated: count.describe('Tools that were'),
    total: count.describe('Tools known now'),
  }),
  async run(engine, input) {
    const structured = await registerTools(engine, input);
    const { registered, updated, total } = structured;
    return { structured, text: `${counted(registered, 'tool')} registered, ${updated} updated; ${total} known in all.` };
  },
});
