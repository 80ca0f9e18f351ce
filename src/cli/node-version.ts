/** What runs before anything else, also on an old Node: only syntax and modules that Node 20 has. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Oldest Node that the native module runs on; on Node 20 it ends the process with a segmentation fault. */
export const OLDEST_NODE = [22, 19] as const;

/** Set for the process that was started anew, so that it never starts another. */
export const RELAUNCHED = 'TOOLWISE_RELAUNCHED';

/** @param version like `process.versions.node`, "22.19.0" */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/**
 * Where npm's `node` package would have put a newer Node: in the package's own node_modules, or beside the package when it was
 * installed as a dependency.
 * @param script URL of the running script, `dist/toolwise.js` of the package
 */
export function bundledNodes(script: string, platform: NodeJS.Platform): readonly string[] {
  const binary = platform === 'win32' ? 'node/bin/node.exe' : 'node/bin/node';
  return [`../node_modules/${binary}`, `../../${binary}`].map((path) => fileURLToPath(new URL(path, script)));
}

/** What a person should do about an old Node. */
export function tooOldMessage(version: string): string {
  return (
    `toolwise needs Node ${OLDEST_NODE.join('.')} or newer and this is Node ${version}. ` +
    'Install a newer Node (https://nodejs.org), or run "npm install node@24" beside toolwise: it is then used by itself.'
  );
}

/**
 * Runs the same command with the newer Node found beside the package, as if it had been started with it: streams, signals and exit
 * code are handed through. Without one it says what to do and exits with 1.
 */
export function relaunch(script: string): void {
  const { version, platform, env, argv, stderr } = process;
  const newer = env[RELAUNCHED] === undefined ? bundledNodes(script, platform).find((path) => existsSync(path)) : undefined;
  if (newer === undefined) {
    stderr.write(`${tooOldMessage(version.slice(1))}\n`);
    process.exitCode = 1;
    return;
  }
  stderr.write(`toolwise: Node ${version.slice(1)} is too old, running with ${newer}\n`);
  const child = spawn(newer, argv.slice(1), { stdio: 'inherit', env: { ...env, [RELAUNCHED]: '1' } });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    stderr.write(`toolwise: ${newer} cannot be started (${error.message}). ${tooOldMessage(version.slice(1))}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 0)));
}
