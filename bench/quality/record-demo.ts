import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Desk, workThrough } from '../../examples/demo/agent.ts';
import { scheduleOf, shuffled, type Task } from '../../examples/demo/schedule.ts';
import { type OfferedTool, type Servers, startServers } from '../../examples/demo/servers.ts';
import { ODD_JOBS } from '../../examples/demo/tasks/everything.ts';
import { FAILING_TASKS } from '../../examples/demo/tasks/failing.ts';
import { FILE_TASKS } from '../../examples/demo/tasks/files.ts';
import { MEMORY_TASKS } from '../../examples/demo/tasks/memory.ts';
import { companyFolder, fillMemory, fillWorkspace, moveReportsAway } from '../../examples/demo/workspace.ts';
import { inTemporaryFolder } from '../../examples/support/temporary.ts';
import { startToolwise, type Toolwise } from '../../examples/support/toolwise.ts';
import { seededUniform } from '../../src/core/random.ts';
import { Recording } from './recording.ts';

/**
 * `npm run build && node bench/quality/record-demo.ts` works through the demo's tasks on the real servers, as examples/demo/main.ts does,
 * and writes what was called, in the order of the demo, to bench/quality/data/demo.sessions.jsonl and demo.catalog.json. Then
 * `npx biome format --write bench/quality/data`.
 */

/** The demo's own. */
const SEED = 7;
const DATA = fileURLToPath(new URL('data', import.meta.url));

await inTemporaryFolder(async (base) => {
  const tasks = scheduleOf([...FILE_TASKS, ...MEMORY_TASKS, ...ODD_JOBS, ...FAILING_TASKS], SEED);
  mkdirSync(companyFolder(base));
  const servers = await startServers(base);
  try {
    const toolwise = await startToolwise(join(base, 'toolwise.db'), ['--seed', String(SEED)]);
    try {
      await record(base, tasks, servers, toolwise);
    } finally {
      await toolwise.close();
    }
  } finally {
    await servers.close();
  }
});

async function record(base: string, tasks: readonly Task[], servers: Servers, toolwise: Toolwise): Promise<void> {
  fillWorkspace(base, tasks);
  await fillMemory(servers.memory, tasks);
  await toolwise.ask('register_tools', { tools: servers.offered });
  const available_tools = shuffled(servers.offered, seededUniform(SEED, 1)).map((tool) => tool.name);
  const recording = new Recording(toolwise, available_tools);
  await workAll(base, tasks, { toolwise: recording, servers, available_tools }, servers);
  write(recording, servers.offered, base);
}

async function workAll(base: string, tasks: readonly Task[], desk: Desk, { memory }: Servers): Promise<void> {
  for (const [at, task] of tasks.entries()) {
    if (task.quarter === 3 && tasks[at - 1]?.quarter === 2) await moveReportsAway(base, memory, tasks);
    await workThrough(task, desk);
    if (task.number % 20 === 0 || task.number === tasks.length) process.stderr.write(`  ${task.number} of ${tasks.length} tasks\n`);
  }
}

/** @throws Error where the machine's own folder got into what was recorded */
function write(recording: Recording, offered: readonly OfferedTool[], base: string): void {
  const lines = recording.sessions().map((session) => `${JSON.stringify(session)}\n`);
  const files = { 'demo.sessions.jsonl': lines.join(''), 'demo.catalog.json': `${JSON.stringify(offered, null, 1)}\n` };
  for (const [name, text] of Object.entries(files)) {
    if (text.includes(base)) throw new Error(`${name} would name ${base}`);
    writeFileSync(join(DATA, name), text);
    process.stderr.write(`${name}: ${(text.length / 1_000).toFixed(0)} kB\n`);
  }
}
