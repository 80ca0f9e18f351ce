import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** Runs every examples/*.ts. Each asserts what it shows and exits with 0; the first that does not fails the run. */

const examples = readdirSync('examples').filter((name) => name.endsWith('.ts'));
if (examples.length === 0) throw new Error('examples/ holds no .ts file: there was nothing to run');
for (const name of examples.sort()) {
  console.log(`\nexamples/${name}`);
  const { status, signal } = spawnSync(process.execPath, [`examples/${name}`], { stdio: 'inherit', timeout: 120_000 });
  if (status !== 0) {
    console.error(`examples/${name} ended with ${signal ?? status}`);
    process.exit(1);
  }
}
console.log(`\n${examples.length} examples ran`);
