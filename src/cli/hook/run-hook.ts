import type { CaptureEvent } from '../../capture/events.ts';
import { claudeHookEvents } from '../../capture/formats/claude-hook.ts';
import { cursorEventIn, cursorHookEvents, isCursorPayload } from '../../capture/formats/cursor-hook.ts';
import { asId, asRecord, asText, type JsonObject } from '../../capture/formats/fields.ts';
import { keptEvent } from '../../capture/kept-event.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { type LightSettings, lightSettings, likelyDatabase } from '../light-settings.ts';
import { appendEvents } from '../spool/append.ts';
import { spoolFolder } from '../spool/folder.ts';
import { collectInBackground, isDue } from './collect-in-background.ts';
import { HOOK_HELP, type HookFlags, hookFlags } from './hook-flags.ts';
import { printQuietly } from './print-quietly.ts';
import { noteProblem } from './problems.ts';
import { readStdin } from './read-stdin.ts';
import { numbered } from './sightings.ts';

/** After these events the spool is taken in: a turn, or the conversation, is over. */
const LAST_EVENTS: readonly string[] = ['Stop', 'StopFailure', 'SessionEnd', 'stop', 'sessionEnd'];

/**
 * Records what a hook of Claude Code or Cursor is told on stdin. Whatever happens, it exits with 0 and prints nothing, but for `--help` and the
 * hint that was asked for: anything else would be told to the agent, or stop it.
 * @param argv after the word `hook`
 */
export async function runHook(argv: readonly string[]): Promise<void> {
  process.exitCode = 0;
  let folder = spoolFolder(likelyDatabase(argv));
  try {
    if (argv.some((word) => word === '--help' || word === '-h')) return await printQuietly(HOOK_HELP);
    const settings = lightSettings(argv);
    // What one process keeps in its memory no hook can leave anything for.
    if (settings.file === ':memory:') return;
    folder = spoolFolder(settings.file);
    const flags = hookFlags(settings.rest);
    for (const problem of [...settings.problems, ...flags.problems]) noteProblem(folder, problem);
    const payload = parsed(await readStdin());
    if (payload !== null) await handled(payload, folder, settings, flags);
  } catch (error) {
    noteProblem(folder, error instanceof Error ? error.message : 'something went wrong');
  }
  process.exit(0); // a hint that came too late is still being worked out
}

/** @throws Error that tells nothing of the text, which may hold secrets */
function parsed(text: string | null | undefined): JsonObject | null {
  if (text === undefined) throw new Error('the payload on stdin is too long; it is not recorded');
  if (text === null || text.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Error(`stdin is not JSON (${text.length} characters)`);
  }
  const payload = asRecord(value);
  if (payload === null) throw new Error('stdin is not a JSON object');
  return payload;
}

async function handled(payload: JsonObject, folder: string, settings: LightSettings, flags: HookFlags): Promise<void> {
  const now_ms = Date.now();
  const is_cursor = isCursorPayload(payload);
  const event = is_cursor ? cursorEventIn(payload) : (asText(payload['hook_event_name']) ?? '');
  const seen = is_cursor ? cursorHookEvents(payload, now_ms) : claudeHookEvents(payload, now_ms);
  const events = seen.map((told) => keptEvent(told, settings.recorded_text));
  const session = `${is_cursor ? 'cursor' : 'claude-code'}-${safeName(payload)}`;
  await recorded(events, { payload, folder, settings, session, event, is_cursor, now_ms });
  const prompt = events.find((told) => told.kind === 'prompt');
  if (!flags.hint || is_cursor || prompt === undefined || prompt.text === null) return;
  const { giveHint } = await import('./give-hint.ts');
  await giveHint({ prompt: prompt.text, session_id: prompt.session_id, threshold: flags.threshold }, settings.flags);
}

/** What is known of a payload. */
interface Occasion {
  readonly payload: JsonObject;
  readonly folder: string;
  readonly settings: LightSettings;
  readonly session: string;
  readonly event: string;
  readonly is_cursor: boolean;
  readonly now_ms: number;
}

async function recorded(events: readonly CaptureEvent[], occasion: Occasion): Promise<void> {
  const { payload, folder, settings, session, event } = occasion;
  if (events.length === 0) return;
  makeFolder(folder);
  const counted = occasion.is_cursor ? numbered(events, { folder, session, event, tool_use_id: asId(payload['tool_use_id']) }) : events;
  // Asked before this event changes a file: afterwards all that is left there would seem to be of now.
  const is_due = isDue({ folder, now_ms: occasion.now_ms, is_over: LAST_EVENTS.includes(event) });
  appendEvents(folder, `hook-${session}.jsonl`, counted);
  if (is_due) await collectInBackground(folder, settings.flags);
}

/** Of the conversation: a part of a file's name on every system. */
function safeName(payload: JsonObject): string {
  const id = asId(payload['conversation_id']) ?? asId(payload['session_id']) ?? 'unknown';
  return id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100);
}
