import { UserError } from '../errors.ts';

const DEFAULT_LIMIT = 50;

export interface PageInput {
  readonly limit?: number | undefined;
  /** next_cursor of the page before. */
  readonly cursor?: string | undefined;
}

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** @throws UserError when the cursor is not one that an earlier page gave */
export function pageOf(input: PageInput): Page {
  return { limit: input.limit ?? DEFAULT_LIMIT, offset: input.cursor === undefined ? 0 : decode(input.cursor) };
}

/** The cursor of the page after this one; null when this one was not full. */
export function nextCursor(page: Page, rows: number): string | null {
  return rows < page.limit ? null : Buffer.from(`o${page.offset + rows}`).toString('base64url');
}

function decode(cursor: string): number {
  const [, digits] = /^o(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (digits === undefined)
    throw new UserError(`cursor "${cursor.slice(0, 40)}" is not valid; pass next_cursor of the page before, or leave it out`);
  return Number(digits);
}

/** Epoch milliseconds as ISO 8601. */
export function isoTime(at_ms: number): string {
  return new Date(at_ms).toISOString();
}
