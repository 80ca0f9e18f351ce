#!/usr/bin/env node
import { isSupported, relaunch } from './node-version.ts';

const [command, ...rest] = process.argv.slice(2);
const can_run_all = isSupported(process.versions.node);

// Everything else is imported only now: on an old Node the native module would end the process without a word.
if (command === 'hook' && (can_run_all || !rest.includes('--hint'))) {
  const { runHook } = await import('./hook/run-hook.ts');
  await runHook(rest);
} else if (!can_run_all) {
  relaunch(import.meta.url);
} else if (command === 'wrap') {
  const { runWrap } = await import('./wrap/run-wrap.ts');
  await runWrap(rest);
} else {
  const [{ Console }, { default: module }, { default: v8 }] = await Promise.all([
    import('node:console'),
    import('node:module'),
    import('node:v8'),
  ]);
  globalThis.console = new Console(process.stderr, process.stderr); // stdout belongs to the protocol, whoever logs
  // Learning makes much short-lived garbage: collected sooner, it takes half of the resident memory at the same speed.
  v8.setFlagsFromString('--optimize-for-size');
  module.enableCompileCache?.();
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2));
}
