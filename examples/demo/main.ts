import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seededUniform } from '../../src/core/random.ts';
import { inTemporaryFolder } from '../support/temporary.ts';
import { startToolwise, type Toolwise } from '../support/toolwise.ts';
import { type Call, type Desk, workThrough } from './agent.ts';
import type { Run } from './baseline.ts';
import { surprises } from './failures.ts';
import { showProgress } from './progress.ts';
import { report } from './report.ts';
import { scheduleOf, shuffled, type Task } from './schedule.ts';
import { type Servers, startServers } from './servers.ts';
import { ODD_JOBS } from './tasks/everything.ts';
import { FAILING_TASKS } from './tasks/failing.ts';
import { FILE_TASKS } from './tasks/files.ts';
import { MEMORY_TASKS } from './tasks/memory.ts';
import { verdictOf } from './verdict.ts';
import { companyFolder, fillMemory, fillWorkspace, moveReportsAway } from './workspace.ts';

/**
 * Does toolwise learn which tool to call? An agent works through tasks on three real MCP servers and tells toolwise what happened.
 * Exit code 0: the last quarter beats the first, and popularity; 1: it does not; 2: the demo could not run.
 */

const SEED = 7;

try {
  process.exitCode = await inTemporaryFolder(demo);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function demo(base: string): Promise<number> {
  const tasks = scheduleOf([...FILE_TASKS, ...MEMORY_TASKS, ...ODD_JOBS, ...FAILING_TASKS], SEED);
  mkdirSync(companyFolder(base));
  const servers = await startServers(base);
  try {
    const toolwise = await startToolwise(join(base, 'toolwise.db'), ['--seed', String(SEED)]);
    try {
      return await learn(base, tasks, servers, toolwise);
    } finally {
      await toolwise.close();
    }
  } finally {
    await servers.close();
  }
}

async function learn(base: string, tasks: readonly Task[], servers: Servers, toolwise: Toolwise): Promise<number> {
  const start = performance.now();
  fillWorkspace(base, tasks);
  await fillMemory(servers.memory, tasks);
  await toolwise.ask('register_tools', { tools: servers.offered });
  const available_tools = shuffled(servers.offered, seededUniform(SEED, 1)).map((tool) => tool.name);
  process.stdout.write(`${tasks.length} tasks, ${available_tools.length} tools of 3 real MCP servers; nothing is known at the start\n`);
  const calls = await workAll(base, tasks, servers, { toolwise, servers, available_tools });
  await report({ calls, available_tools }, toolwise);
  return conclude({ calls, available_tools }, (performance.now() - start) / 1000);
}

async function workAll(base: string, tasks: readonly Task[], servers: Servers, desk: Desk): Promise<Call[]> {
  const calls: Call[] = [];
  for (const [at, task] of tasks.entries()) {
    if (task.quarter === 3 && tasks[at - 1]?.quarter === 2) await moveReportsAway(base, servers.memory, tasks);
    calls.push(...(await workThrough(task, desk)));
    showProgress(at + 1, tasks.length, calls);
  }
  return calls;
}

function conclude(run: Run, elapsed_s: number): number {
  const unexpected = surprises(run.calls);
  for (const { task, called, error } of unexpected) {
    process.stderr.write(
      `demo: ${called} in task ${task.number} (${task.intent}) went otherwise than its script says: ${error ?? 'it worked'}\n`,
    );
  }
  const { passed, sentence } = verdictOf(run);
  process.stdout.write(`\n${sentence} (${elapsed_s.toFixed(1)} s)\n`);
  return passed && unexpected.length === 0 ? 0 : 1;
}
