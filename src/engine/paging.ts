import { UserError } from '../errors.ts';

const DEFAULT_LIMIT = 50;

export interface PageInput {
  readonly limit?: number | undefined;
  /** next_cursor of the page before. */
  readonly cursor?: string | undefined;
}

export interface Page {
  /** What is listed: a cursor of one list is no cursor of another. */
  readonly list: string;
  /** Rows to show; one more is read, to know whether another page follows. */
  readonly limit: number;
  /** Where the page begins: the last position shown before, or the number of rows. null: at the start. */
  readonly after: number | null;
}

/** @throws UserError when the cursor is not one that an earlier page of the same list gave */
export function pageOf(list: string, input: PageInput): Page {
  return { list, limit: input.limit ?? DEFAULT_LIMIT, after: input.cursor === undefined ? null : decode(list, input.cursor) };
}

/** The rows to show of those read, and the cursor of the next page; null when nothing follows. @param position of a row in the list */
export function shown<Row>(page: Page, rows: readonly Row[], position: (row: Row, at: number) => number) {
  const items = rows.slice(0, page.limit);
  const last = items.at(-1);
  const next_cursor = rows.length <= page.limit || last === undefined ? null : encode(page.list, position(last, items.length - 1));
  return { items, next_cursor };
}

/** Position of a row in a list whose order can change: how many rows are before the next page. */
export function offset(page: Page): (row: unknown, at: number) => number {
  return (_row, at) => (page.after ?? 0) + at + 1;
}

function encode(list: string, position: number): string {
  return Buffer.from(`${list}:${position}`).toString('base64url');
}

function decode(list: string, cursor: string): number {
  const [, of, digits] = /^(\w+):(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (digits === undefined || of !== list) {
    throw new UserError(`cursor "${cursor.slice(0, 40)}" is not valid here; pass next_cursor of the page before, or leave it out`);
  }
  return Number(digits);
}

/** Epoch milliseconds as ISO 8601. */
export function isoTime(at_ms: number): string {
  return new Date(at_ms).toISOString();
}
