import * as z from 'zod';
import { OUTCOMES } from '../../core/evaluation/verdict.ts';
import { evaluatePolicy } from '../../engine/evaluate-policy.ts';
import { READS } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { count, numberOrNull } from '../outputs.ts';

const bounds = z.array(z.number()).nullable().describe('95 % bootstrap interval over sessions: [low, high]');

export const evaluatePolicyTool = defineTool({
  name: 'evaluate_policy',
  toolset: 'insight',
  title: 'Evaluate the learned policy',
  description: 'Would the learned ranking have done better than what was done, and than simple rules? Replays the log; takes seconds.',
  annotations: READS,
  inputSchema: z.strictObject({
    max_executions: z.int().min(1).max(1_000_000).optional().describe('Latest calls replayed; default 10000'),
  }),
  outputSchema: z.object({
    executions: count.describe('Calls replayed'),
    decisions: count.describe('Choices judged'),
    sessions: count,
    repeat_share: numberOrNull.describe('Of the decisions, those that took the previous tool again'),
    ranking: z.array(
      z.object({
        contender: z.string(),
        hit_at_1: numberOrNull.describe('Share of the decisions whose tool it put first'),
        hit_at_1_interval: bounds,
        mrr: numberOrNull.describe('Mean reciprocal rank'),
        hit_at_1_on_repeats: numberOrNull,
        hit_at_1_on_others: numberOrNull,
        difference: numberOrNull.describe('hit_at_1 of the learned ranking less this one'),
        difference_interval: bounds,
      }),
    ),
    off_policy: z
      .object({
        draws: count.describe('select_tool draws that were then called'),
        sessions: count,
        as_logged: z.object({ mean_reward: numberOrNull, interval: bounds, difference: numberOrNull, difference_interval: bounds }),
        estimates: z.array(
          z.object({
            contender: z.string(),
            trusted: z.boolean().describe('false: the draws cannot tell, ignore the estimates'),
            dr: numberOrNull.describe('Doubly robust estimate of its mean reward'),
            dr_interval: bounds,
            snips: numberOrNull.describe('Self-normalised importance sampling'),
            snips_interval: bounds,
            ips: numberOrNull.describe('Importance sampling'),
            ips_interval: bounds,
            replay: numberOrNull.describe('Mean over the draws it agrees with'),
            replay_interval: bounds,
            effective_sample_size: z.number().min(0).describe('Draws that the weights are worth'),
            coverage: numberOrNull.describe('Share of the draws it agrees with'),
            mean_weight: numberOrNull.describe('Near 1 where all its choices could have been drawn'),
            difference: numberOrNull.describe('dr of the learned ranking less this one'),
            difference_interval: bounds,
          }),
        ),
      })
      .nullable(),
    verdict: z.object({ outcome: z.enum(OUTCOMES), sentence: z.string() }),
  }),
  async run(engine, input, extra) {
    const structured = await evaluatePolicy(engine, input, extra);
    return { structured, text: structured.verdict.sentence };
  },
});
