import assert from 'node:assert/strict';
import { withToolwise } from './support/temporary.ts';
import type { Toolwise } from './support/toolwise.ts';

/** "Prove that what I recorded changes the next answer": the same question before and after ten recorded calls. */

const QUERY = 'Which countries does the sales region "north" cover?';
const TOOLS = ['wiki/search', 'crm/list_regions', 'files/grep'];

await withToolwise(async (toolwise) => {
  const before = await ranking(toolwise);
  const [first = '', second = ''] = before;
  for (let call = 0; call < 5; call += 1) {
    await record(toolwise, `monday-${call}`, first, false);
    await record(toolwise, `tuesday-${call}`, second, true);
  }
  const after = await ranking(toolwise);

  console.log(`before            ${before.join(' > ')}`);
  console.log(`recorded          5 failures of ${first}, 5 successes of ${second}`);
  console.log(`after             ${after.join(' > ')}`);
  assert.equal(before.length, TOOLS.length);
  assert.equal(after[0], second, 'the tool that worked is recommended first');
  assert.equal(after.at(-1), first, 'the tool that failed is last, behind the one never tried');
});

async function ranking(toolwise: Toolwise): Promise<string[]> {
  const answer = await toolwise.ask('recommend_tools', { query: QUERY, available_tools: TOOLS });
  return answer.recommendations.map((tool) => tool.tool_name);
}

async function record(toolwise: Toolwise, session_id: string, tool_name: string, success: boolean): Promise<void> {
  await toolwise.ask('record_execution', { session_id, tool_name, success, query: QUERY, execution_time_ms: 120 });
}
