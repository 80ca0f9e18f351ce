import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CollectorData, CollectorOrder, CollectorReport } from './messages.ts';
import { sayOnce } from './say.ts';

/** So long after the first event the database is first touched, and at most so often, milliseconds. */
const PAUSE_MS = 100;
/** What hooks leave meanwhile is looked for so often, milliseconds. */
const LOOK_AFTER_MS = 500;
/** After a failure it is tried again, but not at every call. */
const PAUSE_AFTER_FAILURE_MS = 5_000;

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
  #taken = 0;
  #finished: (() => void) | null = null;

  constructor(data: CollectorData) {
    this.#data = data;
  }

  /** Something new is in the spool. */
  tell(): void {
    this.#isBehind = true;
    if (this.#timer !== null || this.#isBusy || this.#isDead) return;
    this.#timer = setTimeout(() => this.#order('collect'), this.#hasFailed ? PAUSE_AFTER_FAILURE_MS : PAUSE_MS);
    this.#timer.unref();
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
    this.#hasFailed = problem !== null;
    if (problem === null) this.#taken = taken_bytes;
    else this.#complain(problem);
    if (order === 'finish') {
      this.#isDead = true;
      this.#finished?.();
    } else if (this.#isBehind || problem !== null) this.tell();
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

  #hasComplained = false;
}
