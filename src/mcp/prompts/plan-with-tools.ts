import { counted } from '../../core/quote.ts';
import { listTools } from '../../engine/browse.ts';
import type { Prompt } from './prompt.ts';

export const planWithToolsPrompt: Prompt = {
  name: 'plan_with_tools',
  title: 'Plan with tools',
  description: 'Plan a request step by step with the tools that worked before, and report what happens',
  argument: { name: 'query', description: 'What is to be done', longest: 8000 },
  async render(engine, value) {
    const known = counted((await listTools(engine)).length, 'tool');
    return {
      text: `Plan and carry out the request below with the tools you have (toolwise has learned about ${known}).

Request: ${JSON.stringify(value)}

1. Split it into steps. Choose one session_id for the whole request.
2. For each step call recommend_tools (session_id, query: the step in its own words, available_tools: the tools you may call). Say which tool you take and why; weigh confidence and support.
3. Call the tool, then record_execution with what really happened, failures too.
4. If a tool fails, ask recommend_tools again without it before you try the same call twice.
5. At the end call log_episode with the outcome: success, partial or failure.`,
    };
  },
};
