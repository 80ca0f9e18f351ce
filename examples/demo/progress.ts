import type { Call } from './agent.ts';
import { placeOf } from './baseline.ts';

const EVERY = 10;
const LATEST = 30;

/** Tells a person how far the run is: on a terminal one line that changes, elsewhere a line every ten tasks. */
export function showProgress(done: number, total: number, calls: readonly Call[]): void {
  const { stdout } = process;
  const line = progressLine(done, total, calls);
  if (stdout.isTTY) stdout.write(`\r\u001b[K${line}${done === total ? '\n' : ''}`);
  else if (done % EVERY === 0 || done === total) stdout.write(`${line}\n`);
}

function progressLine(done: number, total: number, calls: readonly Call[]): string {
  const latest = calls.filter((call) => call.scored).slice(-LATEST);
  const right = latest.filter((call) => placeOf(call.right, call.ranking) === 1).length;
  const failed = calls.filter((call) => !call.success).length;
  const share = `${String(right).padStart(2)} of the last ${latest.length}`;
  return `  ${String(done).padStart(3)}/${total} tasks  ${String(calls.length).padStart(3)} calls, ${String(failed).padStart(2)} failed  right tool ranked first: ${share}`;
}
