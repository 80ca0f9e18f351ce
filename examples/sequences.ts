import assert from 'node:assert/strict';
import { withToolwise } from './support/temporary.ts';
import type { Toolwise } from './support/toolwise.ts';

/** Which tool comes next? Learned from whole pieces of work and how they ended, not from single calls. */

const GOOD = ['git/status', 'git/diff', 'git/commit'];
const BAD = ['git/status', 'git/commit'];

await withToolwise(async (toolwise) => {
  for (let day = 1; day <= 4; day += 1) {
    await work(toolwise, `reviewed-${day}`, GOOD, 'success');
    await work(toolwise, `hasty-${day}`, BAD, 'failure');
  }
  const { recommendations } = await toolwise.ask('next_tool_by_sequence', { recent_tools: ['git/status'] });
  const [best] = recommendations;

  console.log('after git/status, what next?');
  for (const { tool_name, sequence_score, reason } of recommendations) {
    console.log(`  ${tool_name.padEnd(12)} ${sequence_score.toFixed(2).padStart(6)}  ${reason}`);
  }
  assert.equal(best?.tool_name, 'git/diff', 'the step of the pieces of work that ended well comes first');
  assert.equal(best.support, 4, 'the number says how many pieces of work it rests on');
  assert.ok(!recommendations.some((tool) => tool.tool_name === 'git/commit'), 'what only ever ended badly is no advice');
});

async function work(toolwise: Toolwise, session_id: string, tool_sequence: readonly string[], outcome: string): Promise<void> {
  const { ngrams_updated } = await toolwise.ask('log_episode', { session_id, tool_sequence, outcome });
  assert.ok(ngrams_updated > 0);
}
