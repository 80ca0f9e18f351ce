import * as z from 'zod';

/** A number that is null when nothing was observed. */
export const numberOrNull = z.number().nullable();
export const textOrNull = z.string().nullable();
export const count = z.int().min(0);
export const nextCursor = textOrNull.describe('Pass as cursor for the next page; null: this was the last');

/** An object with keys of the tools' own making. */
export const anyObject = z.record(z.string(), z.unknown()).meta({ type: 'object', additionalProperties: true });

/** Any JSON value. */
export const anyJson = z.unknown().meta({
  anyOf: ['string', 'number', 'boolean', 'object', 'array', 'null'].map((type) => ({ type })),
});
