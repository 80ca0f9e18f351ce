const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** 2^32 divided by the golden ratio: 0 is not mixed to itself. */
const GOLDEN = 0x9e3779b1;

/** A well-mixed unsigned 32-bit hash of a text's UTF-16 units: FNV-1a (Fowler, Noll, Vo), finished as MurmurHash3. */
export function hashText(text: string): number {
  return hashPart(text, 0, text.length, 0);
}

/** The same of the units from `first` up to, not including, `end`; different kinds of the same text differ. */
export function hashPart(text: string, first: number, end: number, kind: number): number {
  let hash = FNV_OFFSET ^ kind;
  for (let at = first; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return avalanche(hash);
}

/** The hash of an ordered pair of hashes, unsigned 32-bit. The first is mixed apart: a linear step would let (a, −a) meet (−a, a). */
export function combined(first: number, second: number): number {
  return avalanche(avalanche(first ^ GOLDEN) ^ second);
}

/** MurmurHash3's finaliser (Appleby): every bit of x reaches every bit of the result. */
function avalanche(x: number): number {
  const first = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
}
