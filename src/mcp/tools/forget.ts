import * as z from 'zod';
import { counted } from '../../core/quote.ts';
import { forget } from '../../engine/journal/forget.ts';
import { OVERWRITES } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { count } from '../outputs.ts';
import { sessionId } from '../parameters.ts';

export const forgetTool = defineTool({
  name: 'forget',
  toolset: 'admin',
  title: 'Forget a session',
  description:
    'Remove a session and everything it taught: all values are learned again from the rest, as if it had never been recorded. Cannot be undone; takes seconds on a long log.',
  annotations: OVERWRITES,
  inputSchema: z.strictObject({ session_id: sessionId.describe('The session to remove') }),
  outputSchema: z.object({
    session_id: z.string(),
    executions: count.describe('Removed'),
    episodes: count,
    feedback: count.describe('Ratings'),
    recommendations: count,
    requests: count,
  }),
  async run(engine, { session_id }, { progress }) {
    let told = Promise.resolve();
    const structured = await forget(engine, session_id, {
      progress: (done, total) => {
        told = told.then(() => progress?.(done, total, `${done} of ${total} events learned again`));
      },
    });
    await told;
    const { executions, episodes, feedback } = structured;
    const parts = [counted(executions, 'execution'), counted(episodes, 'episode'), counted(feedback, 'rating')];
    return { structured, text: `Forgotten: ${parts.join(', ')}. All values are learned again without them.` };
  },
});
