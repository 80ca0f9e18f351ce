import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inTemporaryFolder } from './support/temporary.ts';
import { startToolwise, type Toolwise } from './support/toolwise.ts';

/** Two agents, two toolwise processes, one file: what one learns, the other knows at its next call. */

const QUERY = 'Send the invoice to the customer';
const TOOLS = ['mail/send', 'erp/send_invoice'];

await inTemporaryFolder(async (folder) => {
  const db = join(folder, 'shared.db');
  const anna = await startToolwise(db);
  try {
    const ben = await startToolwise(db);
    try {
      await meet(anna, ben);
    } finally {
      await ben.close();
    }
  } finally {
    await anna.close();
  }
});

async function meet(anna: Toolwise, ben: Toolwise): Promise<void> {
  console.log(`Ben's first choice at the start: ${await firstChoice(ben)}`);
  assert.equal(await firstChoice(ben), 'erp/send_invoice', 'nothing was recorded: the name that matches the request');

  await teach(anna, 'erp/send_invoice', false);
  await teach(anna, 'mail/send', true);
  console.log('Anna recorded: erp/send_invoice failed 3 times, mail/send succeeded 3 times');
  console.log(`Ben's first choice now:          ${await firstChoice(ben)}`);
  assert.equal(await firstChoice(ben), 'mail/send');

  await Promise.all([teach(anna, 'mail/send', true), teach(ben, 'mail/send', true)]);
  const { update_count } = await ben.ask('get_learning_stats');
  console.log(`both wrote at the same time:     ${update_count} calls recorded, none lost`);
  assert.equal(update_count, 12);
}

async function firstChoice(toolwise: Toolwise): Promise<string | undefined> {
  const { recommendations } = await toolwise.ask('recommend_tools', { query: QUERY, available_tools: TOOLS });
  return recommendations[0]?.tool_name;
}

/** Three calls, each in a session of its own. */
async function teach(toolwise: Toolwise, tool_name: string, success: boolean): Promise<void> {
  for (let call = 0; call < 3; call += 1) {
    const session_id = `invoice-${crypto.randomUUID()}`;
    await toolwise.ask('record_execution', { session_id, tool_name, success, query: QUERY, available_tools: TOOLS });
  }
}
