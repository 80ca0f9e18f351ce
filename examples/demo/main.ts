import { join } from 'node:path';
import { inTemporaryFolder } from '../support/temporary.ts';
import { type Call, type Desk, workThrough } from './agent.ts';
import type { Run } from './baseline.ts';
import { surprises } from './failures.ts';
import { showProgress } from './progress.ts';
import { report } from './report.ts';
import { allTasks, inScene, type Scene, setUp, tasksOf } from './scene.ts';
import { secondAct } from './second-act.ts';
import { verdictOf, watchedVerdict } from './verdict.ts';

/**
 * Does toolwise learn which tool to call? First an agent works through tasks on three real MCP servers and tells toolwise what happened; then one
 * that knows nothing of toolwise works on the same servers, wrapped. Exit code 0: in the first act the last quarter beats the first, and
 * popularity, and in the second the second half beats the first; 1: not so; 2: the demo could not run.
 */

try {
  process.exitCode = await inTemporaryFolder(async (base) => {
    const told = await inScene(join(base, 'first'), learn);
    return Math.max(told, await watch(join(base, 'second')));
  });
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function learn(scene: Scene): Promise<number> {
  const { servers, tasks, toolwise } = scene;
  const start = performance.now();
  const available_tools = await setUp(scene);
  process.stdout.write(`${tasks.length} tasks, ${available_tools.length} tools of 3 real MCP servers; nothing is known at the start\n`);
  const calls = await workAll(scene, { toolwise, servers, available_tools });
  await report({ calls, available_tools }, toolwise);
  return conclude({ calls, available_tools }, (performance.now() - start) / 1000);
}

async function workAll(scene: Scene, desk: Desk): Promise<Call[]> {
  const calls: Call[] = [];
  let done = 0;
  for await (const task of tasksOf(scene)) {
    calls.push(...(await workThrough(task, desk)));
    showProgress(++done, scene.tasks.length, calls);
  }
  return calls;
}

/** The second act: the first half of the tasks, so that the reports stay where they are. */
async function watch(base: string): Promise<number> {
  const tasks = allTasks().filter(({ quarter }) => quarter <= 2);
  const start = performance.now();
  process.stdout.write(
    `\nSecond act: the same servers behind \`toolwise wrap\`, ${tasks.length} tasks, an agent that never calls toolwise\n`,
  );
  const watched = await secondAct(base, tasks);
  const { passed, sentence } = watchedVerdict(watched, { calls: watched.calls, available_tools: [] });
  process.stdout.write(`\n${sentence} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`);
  return passed ? 0 : 1;
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
