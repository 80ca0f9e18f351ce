/** A document and its score. */
export interface Neighbour {
  readonly document: number;
  readonly score: number;
}

/** The `count` best documents for which `allowed` holds, best first; of equal ones the lower number. O(documents + hits·count). */
export function nearest(
  scores: ArrayLike<number>,
  documents: readonly number[],
  count: number,
  allowed: (document: number) => boolean,
): readonly Neighbour[] {
  const best: Neighbour[] = [];
  for (const document of documents) {
    const found = { document, score: scores[document] ?? 0 };
    const last = best[count - 1];
    if ((last !== undefined && !isBefore(found, last)) || !allowed(document)) continue;
    let at = Math.min(best.length, count - 1);
    for (; at > 0 && isBefore(found, best[at - 1] as Neighbour); at--) best[at] = best[at - 1] as Neighbour;
    best[at] = found;
  }
  return best;
}

function isBefore(a: Neighbour, b: Neighbour): boolean {
  return a.score > b.score || (a.score === b.score && a.document < b.document);
}
