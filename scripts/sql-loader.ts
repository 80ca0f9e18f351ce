import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** `node --import ./scripts/sql-loader.ts file.ts` runs unbuilt sources: an imported `.sql` file is its text, as in the built server. */
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.sql')) return nextLoad(url, context);
    const source = `export default ${JSON.stringify(readFileSync(fileURLToPath(url), 'utf8'))};`;
    return { format: 'module', source, shortCircuit: true };
  },
});
