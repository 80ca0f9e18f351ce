/** The import directions of docs/architecture: which room may open which door. Checked by `npm run layers`. */

/** A rule: files under `from` may import only what matches one of `allowed`, and node:* where `builtins` says so. */
function only(name, from, allowed, builtins, comment) {
  const to = builtins ? { pathNot: allowed, dependencyTypesNot: ['core'] } : { pathNot: allowed };
  return { name, comment, severity: 'error', from: { path: from }, to };
}

const npm = (...names) => names.map((name) => `node_modules/${name}/`);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('core-is-pure', '^src/core/', ['^src/core/'], false, 'core imports core: no I/O, no clock, no zod, no node:*'),
    only(
      'store',
      '^src/store/',
      ['^src/(store|core)/', '^src/(errors|version)[.]ts$', '^schema[.]sql$', ...npm('kysely', 'better-sqlite3', '@types/better-sqlite3')],
      true,
      'store imports core, errors, Kysely and better-sqlite3',
    ),
    only(
      'engine',
      '^src/engine/',
      ['^src/(engine|core|capture|store)/', '^src/(errors|version)[.]ts$', ...npm('uuid')],
      true,
      'engine imports core, capture, store and errors; it knows neither zod nor Kysely nor MCP',
    ),
    only(
      'mcp-never-imports-store',
      '^src/mcp/',
      ['^src/(mcp|engine|core)/', '^src/(errors|version)[.]ts$', ...npm('zod', '@modelcontextprotocol/sdk')],
      true,
      'mcp imports engine, core and errors',
    ),
    only(
      'capture-is-pure',
      '^src/capture/',
      ['^src/(capture|core)/', '^src/engine/journal/lines[.]ts$'],
      false,
      'capture imports core, and the lines that it writes: no I/O, no clock, no zod, no node:*',
    ),
    only('errors-import-nothing', '^src/(errors|version)[.]ts$', ['^$'], false, 'errors and version stand alone'),
    only(
      'index-is-a-list-of-exports',
      '^src/index[.]ts$',
      ['^src/(core|engine|mcp)/', '^src/(errors|version)[.]ts$'],
      false,
      'the public API',
    ),
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      comment: 'cli is the outermost room: the only reader of process.* and the only printer on stdout',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      comment: 'tests, benches, examples and scripts import src, never the other way round',
      from: { path: '^src/' },
      to: { path: '^(test|bench|examples|scripts)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
