import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { CallEvent, CaptureEvent } from '../../capture/events.ts';
import type { McpRecorder, SeenMessage } from '../../capture/formats/mcp.ts';
import type { Moment } from '../../capture/formats/mcp-calls.ts';
import { keptEvent } from '../../capture/kept-event.ts';
import { cutBetweenTokens } from '../../core/redaction/cut.ts';
import type { RecordedText } from '../../core/redaction/modes.ts';
import type { Collecting } from './collecting.ts';
import { LineTap } from './line-tap.ts';
import type { Observer } from './relay.ts';
import { sayOnce } from './say.ts';
import { SpoolFile } from './spool-file.ts';

/** A spool that nobody takes in is not filled beyond this, bytes. */
const MOST_UNTAKEN = 268_435_456;
const LOOK_EVERY = 1_000;

export interface Spool {
  readonly folder: string;
  /** Name of the file in it that is ours. */
  readonly name: string;
  readonly recorded_text: RecordedText;
}

/** The client waits while an answer is recorded, and taking secrets out of a long text takes longest: more of an error is not kept, UTF-16 units. */
const LONGEST_TEXT = 500;

/** For `McpConnection`: arguments as they may reach the disk. */
export function argumentsKeeper(recorded_text: RecordedText): (given: CallEvent['arguments']) => CallEvent['arguments'] {
  return (given) => (keptEvent({ ...NO_CALL, arguments: given }, recorded_text) as CallEvent).arguments;
}

const NO_CALL: CallEvent = Object.freeze({
  kind: 'call',
  session_id: '',
  at_ms: null,
  call_id: null,
  turn_id: null,
  tool_name: '',
  success: true,
  was_denied: false,
  execution_time_ms: null,
  arguments: null,
  result: null,
  error_message: null,
  group_id: null,
});

/** An event as it may reach the disk; its arguments have been treated at the call. */
function keptAnswer(event: CaptureEvent, mode: RecordedText): CaptureEvent {
  if (event.kind !== 'call') return keptEvent(event, mode);
  const error_message = event.error_message === null ? null : cutBetweenTokens(event.error_message, LONGEST_TEXT);
  return { ...keptEvent({ ...event, error_message, arguments: null }, mode), arguments: event.arguments } as CallEvent;
}

/** Keeps what the recorder tells, in the spool. Whatever goes wrong costs the recording and is said once; the relay does not learn of it. */
export class Recording {
  readonly #recorder: McpRecorder;
  readonly #spool: Spool;
  readonly #collecting: Collecting;
  readonly #fromClient = new LineTap();
  readonly #fromServer: LineTap;
  readonly #file: SpoolFile;
  #isOff = false;
  #hasClientLeft = false;
  /** Of the clock that only goes forward; null: the server runs. */
  #exited_ms: number | null = null;
  #appended = 0;

  constructor(recorder: McpRecorder, spool: Spool, collecting: Collecting) {
    this.#recorder = recorder;
    this.#spool = spool;
    this.#file = new SpoolFile(spool.folder, spool.name);
    this.#collecting = collecting;
    this.#fromServer = new LineTap(() => recorder.isWaiting);
  }

  /** What the client sends is looked at after it was passed on. */
  readonly client: Observer = {
    isUrgent: () => false,
    look: (chunk) => this.#safely(() => this.#sent(this.#fromClient.push(chunk))),
    end: () => {
      this.#safely(() => this.#sent(this.#fromClient.end()));
      this.clientLeft();
    },
  };

  /** An answer is recorded before it is passed on: what the client has seen, the spool has. */
  readonly server: Observer = {
    isUrgent: (chunk) => this.#recorder.isWaiting && chunk.includes(0x0a),
    look: (chunk) => this.#safely(() => this.#answered(this.#fromServer.push(chunk))),
    end: () => {
      this.#safely(() => this.#answered(this.#fromServer.end()));
      this.#safely(() => this.#keepUnanswered());
    },
  };

  /** The client has closed a pipe or ends the server: what it does not wait for has not failed. After the server's exit it changes nothing. */
  clientLeft(): void {
    this.#hasClientLeft ||= this.#exited_ms === null;
  }

  /** The server is gone; its last words may still come. */
  serverExited(): void {
    this.#exited_ms ??= performance.now();
  }

  /** The connection is over. */
  end(): void {
    this.#safely(() => this.#keepUnanswered());
    this.#safely(() => this.#keep(this.#recorder.ended(moment())));
  }

  /** Calls that nobody will answer. */
  #keepUnanswered(): void {
    if (this.#hasClientLeft) return;
    const { at_ms, now_ms } = moment();
    this.#keep(this.#recorder.serverEnded({ at_ms, now_ms: this.#exited_ms ?? now_ms }));
  }

  #sent(seen: readonly SeenMessage[]): void {
    for (const message of seen) this.#recorder.clientSent(message, moment());
  }

  #answered(seen: readonly SeenMessage[]): void {
    if (seen.length > 0) this.#keep(seen.flatMap((message) => this.#recorder.serverSent(message, moment())));
  }

  #keep(events: readonly CaptureEvent[]): void {
    if (events.length === 0 || this.#isOff) return;
    this.#appended += events.length;
    if (this.#appended % LOOK_EVERY < events.length && this.#isFull()) return;
    this.#file.append(events.map((event) => keptAnswer(event, this.#spool.recorded_text)));
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
