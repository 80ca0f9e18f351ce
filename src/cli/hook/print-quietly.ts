/** Writes on stdout. A reader that is gone is no error of a hook, and nobody is left to be told. @returns resolves when it is written, or cannot be */
export async function printQuietly(text: string): Promise<void> {
  process.stdout.on('error', () => undefined);
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
}
