import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seededUniform } from '../../src/core/random.ts';
import { startToolwise, type Toolwise } from '../support/toolwise.ts';
import { scheduleOf, shuffled, type Task } from './schedule.ts';
import { type Servers, startServers } from './servers.ts';
import { ODD_JOBS } from './tasks/everything.ts';
import { FAILING_TASKS } from './tasks/failing.ts';
import { FILE_TASKS } from './tasks/files.ts';
import { MEMORY_TASKS } from './tasks/memory.ts';
import { companyFolder, fillMemory, fillWorkspace, moveReportsAway } from './workspace.ts';

const SEED = 7;

/** Where the demo plays: its tasks, the three real servers, and a toolwise that knows nothing yet. */
export interface Scene {
  readonly base: string;
  readonly tasks: readonly Task[];
  readonly servers: Servers;
  readonly toolwise: Toolwise;
}

/** Every task, in its order. */
export function allTasks(): readonly Task[] {
  return scheduleOf([...FILE_TASKS, ...MEMORY_TASKS, ...ODD_JOBS, ...FAILING_TASKS], SEED);
}

/** Starts the servers in a folder and ends them when the work is done. */
export async function inScene<T>(base: string, work: (scene: Scene) => Promise<T>): Promise<T> {
  const tasks = allTasks();
  mkdirSync(companyFolder(base), { recursive: true });
  const servers = await startServers(base);
  try {
    const toolwise = await startToolwise(join(base, 'toolwise.db'), ['--seed', String(SEED)]);
    try {
      return await work({ base, tasks, servers, toolwise });
    } finally {
      await toolwise.close();
    }
  } finally {
    await servers.close();
  }
}

/** Fills the folder and the memory, and tells toolwise the tools. @returns their names in the order that is offered */
export async function setUp({ base, tasks, servers, toolwise }: Scene): Promise<readonly string[]> {
  fillWorkspace(base, tasks);
  await fillMemory(servers.memory, tasks);
  await toolwise.ask('register_tools', { tools: servers.offered });
  return shuffled(servers.offered, seededUniform(SEED, 1)).map((tool) => tool.name);
}

/** The tasks, one after the other; half-way the reports move to another server. */
export async function* tasksOf({ base, tasks, servers }: Scene): AsyncGenerator<Task> {
  for (const [at, task] of tasks.entries()) {
    if (task.quarter === 3 && tasks[at - 1]?.quarter === 2) await moveReportsAway(base, servers.memory, tasks);
    yield task;
  }
}
