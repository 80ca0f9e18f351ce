import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CollectorData, CollectorOrder, CollectorReport } from './messages.ts';
import { sayOnce } from './say.ts';

/** The database is touched when no call has ended for so long, so that a burst is not held up, but within so long after the first, milliseconds. */
const QUIET_MS = 100;
const WITHIN_MS = 2_000;
/** What hooks leave meanwhile is looked for so often, milliseconds. */
const LOOK_AFTER_MS = 500;
/** After a failure it is tried again, but not at every call. */
const PAUSE_AFTER_FAILURE_MS = 5_000;
/** Of its time the thread works at most a fifth while calls come faster than it takes them in: the processor is the server's. */
const REST = 4;

/** Has the spool taken into the database by a thread of its own, so that neither opening it nor waiting for its lock delays the relay. */
export class Collecting {
  readonly #data: CollectorData;
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;
  #look: NodeJS.Timeout | null = null;
  #isBusy = false;
  #isBehind = false;
  #isDead = false;
  #hasFailed = false;
  #hasReported = false;
  #hasComplained = false;
  #taken = 0;
  #behind_since_ms = 0;
  #ordered_ms = 0;
  /** How long the last order took, without starting the thread. */
  #worked_ms = 0;
  #finished: (() => void) | null = null;

  constructor(data: CollectorData) {
    this.#data = data;
  }

  /** Something new is in the spool. */
  tell(): void {
    if (this.#isBusy || this.#isDead) this.#isBehind = true;
    else if (this.#timer === null) this.#orderLater();
    else if (!this.#hasFailed && performance.now() - this.#behind_since_ms < WITHIN_MS) this.#timer.refresh();
  }

  #orderLater(): void {
    this.#isBehind = true;
    this.#behind_since_ms = performance.now();
    const rest_ms = Math.min(WITHIN_MS, Math.max(QUIET_MS, this.#worked_ms * REST));
    this.#timer = setTimeout(() => this.#order('collect'), this.#hasFailed ? PAUSE_AFTER_FAILURE_MS : rest_ms).unref();
  }

  /** Bytes of our file that are in the database. */
  takenBytes(): number {
    return this.#taken;
  }

  /** Takes in what is left and closes the database, if that is done in time; what is not stays in the spool. */
  async finish(patience_ms: number): Promise<void> {
    if (this.#isDead || (this.#worker === null && !this.#isBehind)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#look !== null) clearTimeout(this.#look);
    const finished = new Promise<void>((resolve) => {
      this.#finished = resolve;
    });
    this.#order('finish');
    await Promise.race([finished, sleep(patience_ms)]);
  }

  #order(order: CollectorOrder): void {
    this.#timer = null;
    if (this.#look !== null) clearTimeout(this.#look);
    this.#isBusy = true;
    this.#isBehind = false;
    this.#ordered_ms = performance.now();
    this.#worker ??= this.#start();
    this.#worker.postMessage(order);
  }

  #start(): Worker {
    // Its streams are not ours: stdout carries the protocol, and process.stderr must not be opened here (see say.ts).
    const worker = new Worker(new URL('./collector.js', import.meta.url), { workerData: this.#data, stdout: true, stderr: true });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (report: CollectorReport) => this.#reported(report));
    worker.on('error', (error) => this.#died(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#died('the thread that writes it has ended'));
    worker.unref();
    return worker;
  }

  #reported({ order, problem, taken_bytes }: CollectorReport): void {
    this.#isBusy = false;
    this.#worked_ms = this.#hasReported ? performance.now() - this.#ordered_ms : 0;
    this.#hasReported = true;
    this.#hasFailed = problem !== null;
    if (problem === null) this.#taken = taken_bytes;
    else this.#complain(problem);
    if (order === 'finish') {
      this.#isDead = true;
      this.#finished?.();
    } else if (this.#isBehind || problem !== null) this.#orderLater();
    else this.#look = setTimeout(() => this.#order('collect'), LOOK_AFTER_MS).unref();
  }

  #died(why: string): void {
    if (!this.#isDead) this.#complain(why);
    this.#isDead = true;
    this.#finished?.();
  }

  #complain(problem: string): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    sayOnce(`${problem} (the calls stay in ${this.#data.folder} until the database can be written; the server is not touched by that)`);
  }
}
