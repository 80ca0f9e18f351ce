import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Desk, workThrough } from '../../examples/demo/agent.ts';
import { inScene, type Scene, setUp, tasksOf } from '../../examples/demo/scene.ts';
import type { OfferedTool } from '../../examples/demo/servers.ts';
import { inTemporaryFolder } from '../../examples/support/temporary.ts';
import { Recording } from './recording.ts';

/**
 * `npm run build && node bench/quality/record-demo.ts` works through the demo's tasks on the real servers, as examples/demo/main.ts does,
 * and writes what was called, in the order of the demo, to bench/quality/data/demo.sessions.jsonl and demo.catalog.json. Then
 * `npx biome format --write bench/quality/data`.
 */

const DATA = fileURLToPath(new URL('data', import.meta.url));

await inTemporaryFolder((base) => inScene(base, record));

async function record(scene: Scene): Promise<void> {
  const { base, servers, toolwise } = scene;
  const available_tools = await setUp(scene);
  const recording = new Recording(toolwise, available_tools);
  await workAll(scene, { toolwise: recording, servers, available_tools });
  write(recording, servers.offered, base);
}

async function workAll(scene: Scene, desk: Desk): Promise<void> {
  const count = scene.tasks.length;
  for await (const task of tasksOf(scene)) {
    await workThrough(task, desk);
    if (task.number % 20 === 0 || task.number === count) process.stderr.write(`  ${task.number} of ${count} tasks\n`);
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
