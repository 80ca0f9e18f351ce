import type { Client } from './client.ts';
import { cpuMs } from './process-use.ts';
import type { Call } from './servers.ts';

/** What calls one after the other took. */
export interface Timed {
  /** Of each call, milliseconds, seen by the client. */
  readonly times: readonly number[];
  /** Processor time of the server, milliseconds a call; null: unknown on this system. */
  readonly cpu_ms: number | null;
}

export async function oneByOne(client: Client, calls: readonly Call[]): Promise<Timed> {
  const times: number[] = [];
  const before = cpuMs(client.pid);
  for (const call of calls) times.push(await client.call(call));
  const after = cpuMs(client.pid);
  return { times, cpu_ms: before === null || after === null ? null : (after - before) / calls.length };
}

/** As many calls at a time as there are lanes, until all are answered. */
export async function inLanes(client: Client, calls: readonly Call[], lanes: number): Promise<void> {
  const left = calls.values();
  const lane = async () => {
    for (const call of left) await client.call(call);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Seconds that the work took. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start_ms = performance.now();
  await work();
  return (performance.now() - start_ms) / 1_000;
}

/** What is made of `count` indexes, from `first` on: mostly calls. */
export function calls<T>(make: (index: number) => T, first: number, count: number): T[] {
  return Array.from({ length: count }, (_, at) => make(first + at));
}
