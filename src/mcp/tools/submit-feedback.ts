import * as z from 'zod';
import { submitFeedback } from '../../engine/submit-feedback.ts';
import { ADDS_ONCE } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { short } from '../format.ts';
import { executionId, feedbackText, stars } from '../parameters.ts';

export const submitFeedbackTool = defineTool({
  name: 'submit_feedback',
  toolset: 'agent',
  title: 'Rate a recorded call',
  description: "Add or replace the user's rating of a recorded call; its reward and value are revised.",
  annotations: ADDS_ONCE,
  inputSchema: z.strictObject({
    execution_id: executionId.describe('As record_execution answered it'),
    rating: stars,
    feedback: feedbackText.optional(),
  }),
  outputSchema: z.object({
    execution_id: z.string(),
    rating: z.int().min(1).max(5),
    reward_before: z.number(),
    reward_after: z.number(),
    q_value_before: z.number(),
    q_value_after: z.number(),
  }),
  async run(engine, input) {
    const structured = await submitFeedback(engine, input);
    const { rating, reward_before, reward_after, q_value_before, q_value_after } = structured;
    const reward = `reward ${short(reward_before)} to ${short(reward_after)}`;
    return { structured, text: `Rated ${rating} of 5: ${reward}, value ${short(q_value_before)} to ${short(q_value_after)}.` };
  },
});
