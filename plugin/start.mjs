// Finds the program that this plugin is for and runs it in this process: in the clone that the plugin lies in, else what was installed.
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROGRAM = join('dist', 'toolwise.js');

const program = [fileURLToPath(new URL('..', import.meta.url)), ...installed()].map((folder) => join(folder, PROGRAM)).find(existsSync);
if (program !== undefined) {
  await import(pathToFileURL(program).href);
} else if (process.argv[2] !== 'hook') {
  // A hook says nothing, and stops nothing.
  console.error('toolwise: the program is missing; run "npm ci && npm run build && npm link" in a clone of toolwise');
  process.exitCode = 1;
}

/** Where a global installation or `npm link` may have put it: behind `toolwise` on PATH, or, on Windows, beside it. */
function* installed() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const command = join(folder, 'toolwise');
    if (existsSync(command)) yield join(realpathSync(command), '..', '..');
    yield join(folder, 'node_modules', 'toolwise');
  }
}
