import type { FileHandle } from 'node:fs/promises';
import type { CaptureEvent } from '../../capture/events.ts';
import { readEvent } from '../../capture/read-event.ts';

const LINE_END = 0x0a;

/** What stands in a stretch of whole lines. */
export interface ReadEvents {
  /** Where the next stretch begins, bytes. */
  readonly to: number;
  readonly events: readonly CaptureEvent[];
  /** Lines that are no events, a sentence each. */
  readonly problems: readonly string[];
}

/** The next whole lines of a file, about `length` bytes of them or one longer line. null: there is none yet. */
export async function eventsIn(file: FileHandle, from: number, length: number): Promise<ReadEvents | null> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, from);
  const end = buffer.subarray(0, bytesRead).lastIndexOf(LINE_END) + 1;
  if (end > 0) return { to: from + end, ...parsed(buffer.subarray(0, end).toString('utf8')) };
  return bytesRead < length ? null : await eventsIn(file, from, length * 4);
}

function parsed(text: string): Pick<ReadEvents, 'events' | 'problems'> {
  const events: CaptureEvent[] = [];
  const problems: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      events.push(readEvent(line));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { events, problems };
}
