import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { beginning, describeRun } from './machine.ts';
import { type Measured, markdownReport, terminalGoals, terminalTable } from './report.ts';
import { prepareServers } from './servers.ts';
import type { Table, Trial } from './trial.ts';
import { TRIALS } from './trials.ts';

/**
 * `npm run bench`: every trial in a process of its own, its table, then the goals and bench/RESULTS.md.
 * `-- --quick`: sizes that only show that everything runs; writes no file. `-- --only NAME`: one trial; writes no file.
 * A goal that is not met is a finding, not a failure: the exit code says whether the bench could measure.
 */

const RESULTS = fileURLToPath(new URL('RESULTS.md', import.meta.url));

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
const { quick, only } = values;
const chosen = TRIALS.filter((trial) => only === undefined || trial.name === only);
if (chosen.length === 0) throw new Error(`there is no trial "${only}"; there are ${TRIALS.map((trial) => trial.name).join(', ')}`);

await prepareServers();
const begun = beginning();
const measured: Measured[] = [];
for (const trial of chosen) {
  const one = await measure(trial, measured.length + 1);
  console.log(terminalTable(one));
  measured.push(one);
}
console.log(terminalGoals(measured));
if (quick) console.log('A quick run shows that the bench runs; its numbers mean little.');
if (!quick && only === undefined) {
  writeFileSync(RESULTS, markdownReport(measured, describeRun(begun)));
  console.log(`Written to ${RESULTS}`);
}

async function measure(trial: Trial, number: number): Promise<Measured> {
  const start_ms = performance.now();
  process.stderr.write(`${number}/${chosen.length} ${trial.title}\n`);
  const table = await inOwnProcess(trial);
  process.stderr.write(`  took ${((performance.now() - start_ms) / 1_000).toFixed(1)} s\n`);
  return { trial, table };
}

/** A fresh process: no trial runs in another's heap or with its compiled code. */
async function inOwnProcess(trial: Trial): Promise<Table> {
  const script = fileURLToPath(new URL('run-trial.ts', import.meta.url));
  const child = spawn(process.execPath, [script, trial.name, ...(quick ? ['--quick'] : [])], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the trial "${trial.name}" ended with ${code}`);
  return JSON.parse(output) as Table;
}
