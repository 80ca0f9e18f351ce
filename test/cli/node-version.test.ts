import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledNodes, isSupported, tooOldMessage } from '../../src/cli/node-version.ts';

describe('the Node version', () => {
  it.each<[string, boolean]>([
    ['18.0.0', false],
    ['20.20.2', false],
    ['22.18.9', false],
    ['22.19.0', true],
    ['23.0.0', true],
    ['24.21.0', true],
    ['100.0.0', true],
  ])('%s is enough: %s', (version, enough) => {
    expect(isSupported(version)).toBe(enough);
  });

  it('is told with the one that is needed and what to do', () => {
    expect(tooOldMessage('20.20.2')).toMatch(/22\.19.*20\.20\.2.*Install/);
  });

  it('is looked for in the package and beside it', () => {
    const script = pathToFileURL('/app/node_modules/toolwise/dist/toolwise.js').href;
    expect(bundledNodes(script, 'linux')).toEqual([
      '/app/node_modules/toolwise/node_modules/node/bin/node',
      '/app/node_modules/node/bin/node',
    ]);
    expect(bundledNodes(script, 'win32')[1]).toMatch(/node\.exe$/);
  });
});

/** A Node.js older than 22 on PATH; undefined when there is none. */
function oldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const found = folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path));
  return found !== undefined && /^v(1\d|20|21)\./.test(execFileSync(found, ['--version'], { encoding: 'utf8' })) ? found : undefined;
}

const old = oldNode();

describe.runIf(old !== undefined)('under a Node that is too old', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toolwise-node-'));
  const alone = join(folder, 'alone', 'dist', 'toolwise.js');
  const beside = join(folder, 'beside', 'dist', 'toolwise.js');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const main = join(folder, 'main.ts');
    const version = fileURLToPath(new URL('../../src/cli/node-version.ts', import.meta.url));
    writeFileSync(
      main,
      `import { isSupported, relaunch } from ${JSON.stringify(version)};
if (!isSupported(process.versions.node)) relaunch(import.meta.url);
else {
  if (process.argv[2] === 'wait') { setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(7)); }
  else process.stdin.on('data', (text) => console.log(String(text))).on('end', () => process.exit(Number(process.argv[2])));
  console.log(process.version, ...process.argv.slice(2)); // last: whoever reads it may send a signal at once
}`,
    );
    await build({ entryPoints: [main], outfile: alone, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
    mkdirSync(join(folder, 'beside', 'dist'), { recursive: true });
    mkdirSync(join(folder, 'beside', 'node_modules', 'node', 'bin'), { recursive: true });
    copyFileSync(alone, beside);
    for (const at of [alone, beside]) writeFileSync(join(at, '..', '..', 'package.json'), '{"type":"module"}');
    symlinkSync(process.execPath, join(folder, 'beside', 'node_modules', 'node', 'bin', 'node'));
  });

  it('says what to do and exits with 1 where there is no newer one', () => {
    const { status, stdout, stderr } = spawnSync(old ?? '', [alone, '3'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^toolwise needs Node 22\.19[^\n]*\n$/);
  });

  it('runs again with the newer one beside it: arguments, streams and exit code are handed through', () => {
    const { status, stdout, stderr } = spawnSync(old ?? '', [beside, '3', 'a b'], { encoding: 'utf8', input: 'hello' });
    expect({ status, stdout }).toEqual({ status: 3, stdout: `${process.version} 3 a b\nhello\n` });
    expect(stderr).toMatch(/^toolwise: Node [\d.]+ is too old, running with [^\n]*\n$/);
  });

  it('hands signals through', async () => {
    const child = spawn(old ?? '', [beside, 'wait'], { stdio: ['pipe', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(7);
  });
});
