import { inTemporaryFolder } from '../support/temporary.ts';
import { type Call, type Desk, workThrough } from './agent.ts';
import type { Run } from './baseline.ts';
import { surprises } from './failures.ts';
import { showProgress } from './progress.ts';
import { report } from './report.ts';
import { inScene, type Scene, setUp, tasksOf } from './scene.ts';
import { verdictOf } from './verdict.ts';

/**
 * Does toolwise learn which tool to call? An agent works through tasks on three real MCP servers and tells toolwise what happened.
 * Exit code 0: the last quarter beats the first, and popularity; 1: it does not; 2: the demo could not run.
 */

try {
  process.exitCode = await inTemporaryFolder((base) => inScene(base, learn));
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
