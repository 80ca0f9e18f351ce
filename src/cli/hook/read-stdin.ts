/** Bytes that a hook reads; a payload that is longer is not recorded. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Milliseconds of silence after which a client that never ends stdin is not waited for. */
const SILENCE_MS = 2000;

/** What stdin says up to its end, or up to a silence. @returns null: it is a terminal; undefined: too long */
export async function readStdin(): Promise<string | null | undefined> {
  const { stdin } = process;
  if (stdin.isTTY) return null;
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (is_too_long: boolean): void => {
      clearTimeout(silence);
      stdin.destroy();
      resolve(is_too_long ? undefined : Buffer.concat(chunks).toString('utf8'));
    };
    const silence = setTimeout(() => finish(false), SILENCE_MS);
    stdin.on('data', (chunk: Buffer) => {
      silence.refresh();
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return finish(true);
      chunks.push(chunk);
    });
    stdin.on('end', () => finish(false));
    stdin.on('error', () => finish(false)); // a stdin that cannot be read says nothing
  });
}
