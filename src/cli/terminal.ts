import { ProgressLine } from './progress-line.ts';
import { colourful, PLAIN, type Style } from './table.ts';

/** Emphasis where a person looks at stdout. */
export function styleOfOutput(): Style {
  return process.env['NO_COLOR'] === undefined && process.stdout.isTTY ? colourful(true) : PLAIN;
}

/**
 * Runs work that says how far it is; a person at a terminal sees that on stderr, nobody else does.
 * @param noun what is counted, plural
 */
export async function withProgress<T>(
  noun: string,
  work: (tell: (done: number, total: number | null) => void) => Promise<T>,
  { has_bar = false } = {},
): Promise<T> {
  if (!process.stderr.isTTY) return await work(() => {});
  const line = new ProgressLine(noun, (text) => process.stderr.write(text), Date.now, has_bar);
  return await work((done, total) => line.tell(done, total)).finally(() => line.clear());
}
