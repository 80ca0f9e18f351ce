/** How much of arguments, results, errors and users' words is kept, from nothing to everything. */
export const RECORDED_TEXTS = ['none', 'shape', 'redacted', 'full'] as const;
export type RecordedText = (typeof RECORDED_TEXTS)[number];
