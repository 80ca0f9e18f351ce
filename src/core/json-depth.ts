/** Deepest nesting of objects and lists in one argument, levels. */
export const MAX_DEPTH = 32;

/**
 * Whether `value` nests objects and lists more than `max` levels deep (a flat object is 1 level). Level by level and not recursive:
 * JSON.parse accepts depths at which a recursive walk (JSON.stringify, a schema) overflows the stack.
 */
export function nestsDeeperThan(value: unknown, max: number): boolean {
  let level: readonly object[] = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === max) return true;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
