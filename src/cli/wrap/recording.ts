import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureEvent } from '../../capture/events.ts';
import type { McpRecorder, SeenMessage } from '../../capture/formats/mcp.ts';
import type { Moment } from '../../capture/formats/mcp-calls.ts';
import { keptEvent } from '../../capture/kept-event.ts';
import type { RecordedText } from '../../core/redaction/modes.ts';
import { appendEvents } from '../spool/append.ts';
import type { Collecting } from './collecting.ts';
import { LineTap } from './line-tap.ts';
import type { Observer } from './relay.ts';
import { sayOnce } from './say.ts';

/** A spool that nobody takes in is not filled beyond this, bytes. */
const MOST_UNTAKEN = 268_435_456;
const LOOK_EVERY = 1_000;

export interface Spool {
  readonly folder: string;
  /** Name of the file in it that is ours. */
  readonly name: string;
  readonly recorded_text: RecordedText;
}

/** Keeps what the recorder tells, in the spool. Whatever goes wrong costs the recording and is said once; the relay does not learn of it. */
export class Recording {
  readonly #recorder: McpRecorder;
  readonly #spool: Spool;
  readonly #collecting: Collecting;
  readonly #fromClient = new LineTap();
  readonly #fromServer: LineTap;
  #isOff = false;
  #appended = 0;

  constructor(recorder: McpRecorder, spool: Spool, collecting: Collecting) {
    this.#recorder = recorder;
    this.#spool = spool;
    this.#collecting = collecting;
    this.#fromServer = new LineTap(() => recorder.isWaiting);
  }

  /** What the client sends is looked at after it was passed on. */
  readonly client: Observer = {
    isUrgent: () => false,
    look: (chunk) => this.#safely(() => this.#sent(this.#fromClient.push(chunk))),
    end: () => this.#safely(() => this.#sent(this.#fromClient.end())),
  };

  /** An answer is recorded before it is passed on: what the client has seen, the spool has. */
  readonly server: Observer = {
    isUrgent: (chunk) => this.#recorder.isWaiting && chunk.includes(0x0a),
    look: (chunk) => this.#safely(() => this.#answered(this.#fromServer.push(chunk))),
    end: () => this.#safely(() => this.#answered(this.#fromServer.end())),
  };

  /** The connection is over. */
  end(): void {
    this.#safely(() => this.#keep(this.#recorder.ended(moment())));
  }

  #sent(seen: readonly SeenMessage[]): void {
    for (const message of seen) this.#recorder.clientSent(message, moment());
  }

  #answered(seen: readonly SeenMessage[]): void {
    if (seen.length > 0) this.#keep(seen.flatMap((message) => this.#recorder.serverSent(message, moment())));
  }

  #keep(events: readonly CaptureEvent[]): void {
    if (events.length === 0 || this.#isOff) return;
    const { folder, name, recorded_text } = this.#spool;
    this.#appended += events.length;
    if (this.#appended % LOOK_EVERY < events.length && this.#isFull()) return;
    appendEvents(
      folder,
      name,
      events.map((event) => keptEvent(event, recorded_text)),
    );
    this.#collecting.tell();
  }

  /** Only a spool that is not taken in grows without end. */
  #isFull(): boolean {
    const { folder, name } = this.#spool;
    const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    if (size - this.#collecting.takenBytes() <= MOST_UNTAKEN) return false;
    this.#isOff = true;
    sayOnce(`${join(folder, name)} has ${size} bytes that nobody takes in; no more calls are recorded until the server is started again`);
    return true;
  }

  #safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      sayOnce(`calls are not recorded (${error instanceof Error ? error.message : String(error)}); the server is not touched by that`);
    }
  }
}

function moment(): Moment {
  return { at_ms: Date.now(), now_ms: performance.now() };
}
