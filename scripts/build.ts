import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type BuildOptions, build, context, type Metafile, type Plugin } from 'esbuild';

/** Builds dist/: `toolwise.js` (the entry), the parts that it loads (`server.js`: the server and command line), `index.js` with `types/` (the library), and the licences of what is inside. */

const ENTRY = 'dist/toolwise.js';

// Some bundled packages are CommonJS and call require() for node:* modules, which an ESM file does not have.
const REQUIRE = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20', // Node 20 must be able to read the file, so that it can be told that it is too old
  minify: true,
  metafile: true,
  legalComments: 'none',
  external: ['better-sqlite3'],
  loader: { '.sql': 'text' },
  define: { __TOOLWISE_VERSION__: JSON.stringify(packageVersion()) },
  banner: { js: REQUIRE },
  logLevel: 'warning',
};

/** Ajv only checks what a user answers to elicitation, which toolwise never asks for: a sixth of the code that every start would read. */
const withoutAjv: Plugin = {
  name: 'without-ajv',
  setup(build) {
    build.onLoad({ filter: /validation[\\/]ajv-provider\.js$/ }, () => ({ contents: 'export class AjvJsonSchemaValidator {}' }));
  },
};

/** Its CommonJS build cannot be bundled. */
const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

/** What the entry loads, and what runs in threads and processes of its own; code that several need is in files of its own, so that each loads little. */
const parts: BuildOptions = {
  ...shared,
  entryPoints: {
    server: 'src/cli/run.ts',
    hint: 'src/cli/hook/hint.ts',
    wrap: 'src/cli/wrap/run-wrap.ts',
    collector: 'src/cli/wrap/collector.ts',
  },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  alias,
  plugins: [withoutAjv],
};

/** The entry checks the Node version and turns the compile cache on; the rest is in files of their own, since the cache helps only later ones. */
const partsApart: Plugin = {
  name: 'parts-apart',
  setup(build) {
    const files = new Map([
      ['./run.ts', './server.js'],
      ['./hook/run-hook.ts', './hook.js'],
      ['./wrap/run-wrap.ts', './wrap.js'],
      ['./hint.ts', './hint.js'],
    ]);
    build.onResolve({ filter: /./ }, ({ path }) => {
      const file = files.get(path);
      return file === undefined ? null : { path: file, external: true };
    });
  },
};
const entry: BuildOptions = { ...shared, entryPoints: ['src/cli/main.ts'], outfile: ENTRY, banner: {}, plugins: [partsApart] };

/** The hook runs at every call of an agent: in one file it starts fastest. */
const hook: BuildOptions = {
  ...shared,
  entryPoints: ['src/cli/hook/run-hook.ts'],
  outfile: 'dist/hook.js',
  banner: {},
  plugins: [partsApart],
};
const library: BuildOptions = { ...shared, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' };

if (process.argv.includes('--watch')) {
  for (const options of [entry, hook, parts]) await (await context(options)).watch();
  console.error(`watching src, writing ${ENTRY}`);
} else {
  rmSync('dist', { recursive: true, force: true });
  const built = await Promise.all([build(entry), build(hook), build(parts), build(library)]);
  chmodSync(ENTRY, 0o755);
  writeLicences(built.map((result) => result.metafile));
  emitTypes();
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return version;
}

function emitTypes(): void {
  rmSync('dist/types', { recursive: true, force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}

/** The licences of the packages inside the bundle ask to be passed on with it. */
function writeLicences(metafiles: readonly (Metafile | undefined)[]): void {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile?.inputs ?? {}));
  const folders = inputs.flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => `${folder.replace(/^.*node_modules\//, '')}\n\n${licenceOf(folder)}`);
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', texts.join(`\n${'-'.repeat(80)}\n\n`));
}

function licenceOf(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(`${folder}/${file}`, 'utf8');
  const { license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { license?: string };
  return `Licence: ${license ?? 'not stated'}\n`;
}
