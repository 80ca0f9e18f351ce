import { appendFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CallEvent, CaptureEvent } from '../../capture/events.ts';

/** Bytes of one turn's sightings, beyond which they are started afresh. */
const MOST_BYTES = 256 * 1024;

/** Who tells of a call: see `cursorHookEvents`. */
export interface Sighting {
  readonly folder: string;
  /** Of the conversation, safe as a part of a file's name. */
  readonly session: string;
  /** Cursor's event. */
  readonly event: string;
  /** Cursor's own name of the call, which only some events have: the same event again, from a second configuration, has the same. */
  readonly tool_use_id: string | null;
}

/**
 * Numbers Cursor's calls, so that the second of two equal ones is another call, and the two hooks that tell of one call tell of the same. What was
 * seen stands in a file of the spool until the turn is over.
 * @throws Error of the file system
 */
export function numbered(events: readonly CaptureEvent[], sighting: Sighting): readonly CaptureEvent[] {
  const path = join(sighting.folder, `cursor-${sighting.session}.seen`);
  if (sighting.event === 'stop' || sighting.event === 'sessionEnd') rmSync(path, { force: true });
  return events.map((event) => (event.kind === 'call' ? numberedCall(event, path, sighting) : event));
}

function numberedCall(event: CallEvent, path: string, { event: name, tool_use_id }: Sighting): CallEvent {
  const family = name.startsWith('postToolUse') ? 'general' : 'special';
  const key = `${family} ${event.call_id}`;
  const line = `${key} ${JSON.stringify(tool_use_id)}`;
  const before = linesOf(path).filter((seen) => seen.startsWith(`${key} `));
  const known = tool_use_id === null ? -1 : before.indexOf(line);
  if (known < 0) appendFileSync(path, `${line}\n`, { mode: 0o600 });
  return { ...event, call_id: `${event.call_id}-${(known < 0 ? before.length : known) + 1}` };
}

function linesOf(path: string): readonly string[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MOST_BYTES) rmSync(path, { force: true });
  return size === 0 || size > MOST_BYTES ? [] : readFileSync(path, 'utf8').split('\n');
}
