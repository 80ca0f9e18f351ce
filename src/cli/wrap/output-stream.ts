import { fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

const STDOUT = 1;

/**
 * Our stdout as a stream that closes when it is ended: `process.stdout` never does, and a client that waits for the end of the server's output would
 * wait until we exit. Only pipes and sockets can be closed like that; anything else is `process.stdout`.
 */
export function outputStream(): Writable {
  const kind = fstatSync(STDOUT);
  if (process.platform === 'win32' || !(kind.isFIFO() || kind.isSocket())) return process.stdout;
  const stream = new Socket({ fd: STDOUT, readable: false, writable: true });
  // The number must not go to the next file that is opened: whoever writes to stdout would write into it.
  stream.on('close', () => void openSync('/dev/null', 'w'));
  return stream;
}
