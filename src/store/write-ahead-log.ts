/** Reads SQLite's write-ahead log without SQLite (https://sqlite.org/fileformat2.html#the_write_ahead_log). */

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** The last bit says in which byte order the checksums are. */
const MAGIC = 0x377f0682;

interface Frame {
  readonly page: number;
  /** Pages of the database after a commit, count; 0: the frame ends no transaction. */
  readonly pages_after_commit: number;
  readonly content: Buffer;
}

/**
 * The database with every transaction of its log that was committed whole, as SQLite would see it.
 * @param main bytes of the database file; not changed
 * @param log bytes of its `-wal` file; what is damaged in it ends it, as a crash does
 */
export function withLog(main: Buffer, log: Buffer): Buffer {
  const committed = committedFrames(log);
  const last = committed.at(-1);
  if (last === undefined) return Buffer.from(main);
  const page_bytes = pageBytes(log);
  const database = Buffer.alloc(last.pages_after_commit * page_bytes);
  main.copy(database, 0, 0, database.length);
  for (const { page, content } of committed) content.copy(database, (page - 1) * page_bytes); // a page past the end is left out by copy
  return database;
}

function committedFrames(log: Buffer): Frame[] {
  const frames = [...validFrames(log)];
  const last = frames.findLastIndex(({ pages_after_commit }) => pages_after_commit > 0);
  return frames.slice(0, last + 1).filter(({ page }) => page <= (frames[last]?.pages_after_commit ?? 0));
}

/** Frames up to the first whose salt or checksum is not that of this log. */
function* validFrames(log: Buffer): Generator<Frame> {
  if (log.length < HEADER_BYTES || (log.readUInt32BE(0) & ~1) !== MAGIC) return;
  const is_big_endian = (log.readUInt32BE(0) & 1) === 1;
  const salts = log.subarray(16, 24);
  let sums = checksum([0, 0], log.subarray(0, 24), is_big_endian);
  if (!isAt(log, 24, sums)) return;
  const frame_bytes = FRAME_HEADER_BYTES + pageBytes(log);
  for (let at = HEADER_BYTES; at + frame_bytes <= log.length; at += frame_bytes) {
    const content = log.subarray(at + FRAME_HEADER_BYTES, at + frame_bytes);
    if (!log.subarray(at + 8, at + 16).equals(salts)) return;
    sums = checksum(checksum(sums, log.subarray(at, at + 8), is_big_endian), content, is_big_endian);
    if (!isAt(log, at + 16, sums)) return;
    yield { page: log.readUInt32BE(at), pages_after_commit: log.readUInt32BE(at + 4), content };
  }
}

function pageBytes(log: Buffer): number {
  return log.readUInt32BE(8);
}

type Sums = readonly [number, number];

function isAt(log: Buffer, at: number, [first, second]: Sums): boolean {
  return log.readUInt32BE(at) === first && log.readUInt32BE(at + 4) === second;
}

/** Fibonacci-weighted sums of 32-bit words (fileformat2.html, "Checksum Algorithm"). */
function checksum([first, second]: Sums, bytes: Buffer, is_big_endian: boolean): Sums {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [a, b] = [first, second];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + view.getUint32(at, !is_big_endian) + b) >>> 0;
    b = (b + view.getUint32(at + 4, !is_big_endian) + a) >>> 0;
  }
  return [a, b];
}
