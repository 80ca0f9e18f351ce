/** A share as a percentage for the text line; null: nothing observed. */
export function percent(share: number | null): string {
  return share === null ? 'unknown' : `${Math.round(share * 100)} %`;
}

/** A number with at most `decimals` decimals for the text line; null: nothing observed. */
export function short(value: number | null, decimals = 2): string {
  return value === null ? 'unknown' : String(Number(value.toFixed(decimals)));
}

const LISTED = 3;

/** The first three as "1. a; 2. b", then how many more there are; `none` when the list is empty. */
export function ranked<Item>(items: readonly Item[], describe: (item: Item) => string, none: string): string {
  if (items.length === 0) return none;
  const shown = items.slice(0, LISTED).map((item, at) => `${at + 1}. ${describe(item)}`);
  return [...shown, ...(items.length > LISTED ? [`and ${items.length - LISTED} more`] : [])].join('; ');
}
