/** Where recorders leave what they saw until somebody takes it into the database. */
export function spoolFolder(database_file: string): string {
  return `${database_file}-spool`;
}

/** Files of events that wait in the spool. */
export function isSpoolFile(name: string): boolean {
  return /^(hook|wrap)-.*\.jsonl$/.test(name);
}

/** In the spool: its time of change is when the last pass began that took something in. */
export const COLLECTED = 'collected';
