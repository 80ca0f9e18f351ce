import type { Trx } from '../../store/database.ts';
import type { PlacedEntry } from '../../store/log-entries.ts';
import { loggedEvents } from '../../store/logged-events.ts';
import { type Note, type NotesCursor, notedRecommendations, notedResets, notedTrainings } from '../../store/logged-notes.ts';

/** Places of the log read at once. */
const PAGE = 500;

/** Reads everything that was told to toolwise, in its order, from the beginning. Where it has come to the end, later calls go on with what is new. */
export class LogReader {
  #position = 0;
  #cursor: NotesCursor = { recommendation_seq: 0, reset_seq: 0, batch: 0 };

  /** The last place of the log that was read. */
  get position(): number {
    return this.#position;
  }

  /** The next entries. @param head the last event of the log; @returns null at the end */
  async page(trx: Trx, head: number): Promise<readonly PlacedEntry[] | null> {
    const to = Math.min(head, this.#position + PAGE);
    const events = await loggedEvents(trx, { after: this.#position, to });
    const notes = await this.#notes(trx, to);
    const is_end = to === this.#position && notes.length === 0;
    this.#position = to;
    return is_end ? null : merged(events, notes);
  }

  /** All up to this place that have none of their own. */
  async #notes(trx: Trx, to: number): Promise<Note[]> {
    const trainings = await this.#read(to, (cursor) => notedTrainings(trx, cursor.batch));
    const recommendations = await this.#read(to, (cursor) => notedRecommendations(trx, cursor.recommendation_seq));
    const resets = await notedResets(trx, this.#cursor.reset_seq);
    for (const reset of resets.filter(({ position }) => position <= to)) {
      const { after_recommendation, ...note } = reset;
      const at = recommendations.findIndex(({ cursor }) => (cursor.recommendation_seq ?? 0) > after_recommendation);
      recommendations.splice(at < 0 ? recommendations.length : at, 0, note);
      this.#cursor = { ...this.#cursor, ...note.cursor };
    }
    return inOrder([...trainings, ...recommendations]);
  }

  /** Pages of one kind until one goes beyond the place; what is beyond is read again later. */
  async #read(to: number, page: (cursor: NotesCursor) => Promise<readonly Note[]>): Promise<Note[]> {
    const read: Note[] = [];
    for (;;) {
      const notes = await page(this.#cursor);
      const within = notes.slice(
        0,
        countWhile(notes, ({ position }) => position <= to),
      );
      for (const { cursor } of within) this.#cursor = { ...this.#cursor, ...cursor };
      read.push(...within);
      if (within.length === 0 || within.length < notes.length) return read;
    }
  }
}

function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  const first = items.findIndex((item) => !holds(item));
  return first < 0 ? items.length : first;
}

/** Sorted by place; equal ones stay as they are. Places never fall among recommendations and resets. */
function inOrder(notes: readonly Note[]): Note[] {
  let least = 0;
  const placed = notes.map((note) => {
    if (note.entry.kind !== 'training') least = Math.max(least, note.position);
    return note.entry.kind === 'training' ? note : { ...note, position: Math.max(note.position, least) };
  });
  return placed.sort((a, b) => a.position - b.position);
}

/** An event stands before what was noted at its place. */
function merged(events: readonly PlacedEntry[], notes: readonly Note[]): PlacedEntry[] {
  const entries: PlacedEntry[] = [];
  let at = 0;
  for (const event of events) {
    for (; at < notes.length && (notes[at]?.position ?? 0) < event.position; at++) entries.push(notes[at] as Note);
    entries.push(event);
  }
  return [...entries, ...notes.slice(at)];
}
