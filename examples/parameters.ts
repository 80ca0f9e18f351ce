import assert from 'node:assert/strict';
import { withToolwise } from './support/temporary.ts';
import type { Toolwise } from './support/toolwise.ts';

/** Which arguments worked before for a request like this one? */

const TOOL = 'warehouse/run_report';

await withToolwise(async (toolwise) => {
  for (let week = 1; week <= 4; week += 1) {
    await run(toolwise, `Revenue of week ${week} by country`, { report: 'revenue', group_by: 'country', currency: 'EUR', week }, true);
    await run(toolwise, `Open tickets of week ${week} by team`, { report: 'tickets', group_by: 'team', week }, true);
    await run(toolwise, `Revenue of week ${week} by country`, { report: 'revenue', group_by: 'land', week }, false);
  }
  const revenue = await suggest(toolwise, { query: 'Revenue of week 9 by country' });
  const tickets = await suggest(toolwise, { query: 'Open tickets of week 9 by team', partial_args: { week: 9 } });

  assert.equal(revenue['report'], 'revenue');
  assert.equal(revenue['group_by'], 'country', 'the value of the calls that failed is not suggested');
  assert.equal(revenue['currency'], 'EUR');
  assert.equal(tickets['report'], 'tickets', 'another request, other values');
  assert.equal(tickets['week'], 9, 'what the caller has decided stays');
});

async function run(toolwise: Toolwise, query: string, args: Readonly<Record<string, unknown>>, success: boolean): Promise<void> {
  await toolwise.ask('record_execution', { session_id: 'reports', tool_name: TOOL, query, arguments: args, success });
}

async function suggest(toolwise: Toolwise, request: { query: string; partial_args?: object }): Promise<Readonly<Record<string, unknown>>> {
  const { suggested_params, confidence, sample_size } = await toolwise.ask('suggest_parameters', { tool_name: TOOL, ...request });
  console.log(request.query);
  console.log(`  → ${JSON.stringify(suggested_params)}  (confidence ${confidence.toFixed(2)} from ${sample_size} calls)`);
  return suggested_params;
}
