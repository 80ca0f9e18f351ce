const LONGEST = 64;

/**
 * The candidate that was most likely meant, letter case aside: one that begins with the word, else any; among these the one that
 * takes the fewest insertions, deletions, substitutions and swaps of neighbours (Damerau 1964, optimal string alignment); ties go
 * to the earlier one. undefined: there are no candidates.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.slice(0, LONGEST).toLowerCase();
  const begun = candidates.filter((candidate) => wanted !== '' && candidate.toLowerCase().startsWith(wanted));
  const distances = (begun.length > 0 ? begun : candidates).map((candidate) => ({
    candidate,
    distance: editDistance(wanted, candidate.slice(0, LONGEST).toLowerCase()),
  }));
  return distances.sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, kept, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
