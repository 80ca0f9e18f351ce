import type { Client } from '@modelcontextprotocol/sdk/client/index.js';

type Arguments = Readonly<Record<string, unknown>>;

/** The answer of a call that must succeed. */
export async function ask(client: Client, name: string, args: Arguments = {}): Promise<Record<string, unknown>> {
  const { structuredContent, isError, content } = await client.callTool({ name, arguments: args });
  if (isError === true) throw new Error(`${name}: ${JSON.stringify(content)}`);
  return structuredContent as Record<string, unknown>;
}

/** What an agent asks that has a task of its own: every tool but get_history, with few and with many arguments. */
function questions(tool: string): readonly (readonly [string, Arguments])[] {
  const state = { session_id: 'victim', query: 'find entity 7' };
  return [
    ['recommend_tools', state],
    ['recommend_tools', { explain: true, top_k: 50 }],
    ['recommend_tools', { ...state, available_tools: [tool, 'mine'], explain: true }],
    ['select_tool', { ...state, available_tools: [tool, 'other_tool'] }],
    ['record_execution', { ...state, tool_name: tool, success: false, arguments: { fine: 'USD' } }],
    ['record_execution', { ...state, tool_name: tool, success: true, execution_id: 'victim-1', arguments: { fine: 'EUR' } }],
    ['record_execution', { ...state, tool_name: tool, success: true, execution_id: 'victim-1' }],
    ['submit_feedback', { execution_id: 'victim-1', rating: 4 }],
    ['next_tool_by_sequence', { session_id: 'victim' }],
    ['next_tool_by_sequence', { recent_tools: [tool, tool] }],
    ['suggest_parameters', { tool_name: tool }],
    ['suggest_parameters', { tool_name: tool, query: 'find entity 7', partial_args: { mine: 'a b' } }],
    ['log_episode', { session_id: 'victim', outcome: 'success' }],
    ['get_tool_metrics', {}],
    ['get_policy', {}],
    ['get_learning_stats', {}],
    ['evaluate_policy', {}],
    ['train', {}],
    ['reset_exploration', {}],
    ['register_tools', { tools: [{ name: tool }, { name: 'mine', description: 'of mine' }] }],
    ['submit_feedback', { execution_id: 'unheard', rating: 3 }],
    ['record_execution', { ...state, tool_name: tool, success: true, recommendation_id: 'unheard' }],
  ];
}

/** Every answer that the agent gets, as the text on the wire, by what it asked. */
export async function answersToVictim(client: Client, tool: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const keep = async (question: string, answer: Promise<unknown>) => {
    const told = await answer.catch((error: Error) => error.message);
    answers.set(`${answers.size} ${question}`, JSON.stringify(told));
  };
  for (const [name, args] of questions(tool))
    await keep(`${name} ${JSON.stringify(args)}`, client.callTool({ name, arguments: { ...args } }));
  for (const uri of ['stats', 'tools', `tools/${tool}`, 'tools/other_tool', 'sessions/attacker', 'sessions/victim', 'sessions/unheard'])
    await keep(uri, client.readResource({ uri: `toolwise://${uri}` }));
  await keep('plan', client.getPrompt({ name: 'plan_with_tools', arguments: { query: 'find entity 7' } }));
  await keep('review', client.getPrompt({ name: 'review_session', arguments: { session_id: 'attacker' } }));
  for (const value of ['', 'I', 'S', '[', 'A', 'a', '{']) {
    const argument = { name: 'id', value };
    await keep(`sessions ${value}`, client.complete({ ref: { type: 'ref/resource', uri: 'toolwise://sessions/{id}' }, argument }));
    await keep(
      `tools ${value}`,
      client.complete({ ref: { type: 'ref/resource', uri: 'toolwise://tools/{name}' }, argument: { name: 'name', value } }),
    );
    await keep(
      `review ${value}`,
      client.complete({ ref: { type: 'ref/prompt', name: 'review_session' }, argument: { name: 'session_id', value } }),
    );
  }
  await keep('lists', Promise.all([client.listTools(), client.listResources(), client.listPrompts()]));
  return answers;
}
