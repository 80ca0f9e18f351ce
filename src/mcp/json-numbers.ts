/** Whether every number in `value`, at any depth, is finite: JSON.parse reads 1e400 as Infinity, which JSON.stringify would store as null. */
export function holdsOnlyFiniteNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsOnlyFiniteNumbers);
}
