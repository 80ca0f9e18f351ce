import { clearLine, cursorTo } from 'node:readline';
import { TRIALS } from './trials.ts';

/** The process of one trial: `node bench/run-trial.ts NAME [--quick]` prints its table on stdout as JSON, its progress on stderr. */

const [name, ...flags] = process.argv.slice(2);
const trial = TRIALS.find((each) => each.name === name);
if (trial === undefined) throw new Error(`there is no trial "${name}"; there are ${TRIALS.map((each) => each.name).join(', ')}`);
const table = await trial.run(flags.includes('--quick'), report);
process.stdout.write(JSON.stringify(table));

/** On a terminal one line that counts; elsewhere four lines in all. */
function report(done: number, total: number): void {
  const text = `  ${done} of ${total}`;
  if (!process.stderr.isTTY) {
    if (Math.floor((4 * done) / total) > Math.floor((4 * (done - 1)) / total)) process.stderr.write(`${text}\n`);
    return;
  }
  cursorTo(process.stderr, 0);
  process.stderr.write(done === total ? '' : text);
  clearLine(process.stderr, 1);
}
