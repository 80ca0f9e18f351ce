import * as z from 'zod';
import { counted } from '../../core/quote.ts';
import { logEpisode } from '../../engine/log-episode.ts';
import { ADDS_ONCE } from '../annotations.ts';
import { defineTool } from '../define-tool.ts';
import { short } from '../format.ts';
import { count } from '../outputs.ts';
import { outcome, sessionId, toolName } from '../parameters.ts';

export const logEpisodeTool = defineTool({
  name: 'log_episode',
  toolset: 'agent',
  title: 'Log the end of a task',
  description: 'Report once, when the task is over, how it went: tool sequences are learned from it. The same again changes nothing.',
  annotations: ADDS_ONCE,
  inputSchema: z.strictObject({
    session_id: sessionId,
    outcome: outcome.describe('Of the whole task'),
    tool_sequence: z.array(toolName).max(5000).optional().describe('Default: the recorded calls'),
    episode_reward: z.number().min(-1_000_000).max(1_000_000).optional().describe('Default: from the recorded rewards'),
  }),
  outputSchema: z.object({
    episode_id: z.string(),
    duplicate: z.boolean().describe('Logged before; nothing was counted'),
    tool_sequence: z.array(z.string()),
    episode_reward: z.number(),
    outcome,
    ngrams_updated: count,
  }),
  async run(engine, input) {
    const structured = await logEpisode(engine, input);
    const done = structured.duplicate ? 'Logged before, nothing changed' : 'Logged';
    const calls = counted(structured.tool_sequence.length, 'call');
    const reward = short(structured.episode_reward);
    return {
      structured,
      text: `${done}: ${structured.outcome} after ${calls}, reward ${reward}, ${counted(structured.ngrams_updated, 'sequence')} updated.`,
    };
  },
});
