#!/usr/bin/env node
import { Console } from 'node:console';
import module from 'node:module';
import v8 from 'node:v8';
import { isSupported, relaunch } from './node-version.ts';

globalThis.console = new Console(process.stderr, process.stderr); // stdout belongs to the protocol, whoever logs

// Everything else is imported only now: on an old Node the native module would end the process without a word.
if (isSupported(process.versions.node)) {
  // Learning makes much short-lived garbage: collected sooner, it takes half of the resident memory at the same speed.
  v8.setFlagsFromString('--optimize-for-size');
  module.enableCompileCache?.();
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2));
} else {
  relaunch(import.meta.url);
}
