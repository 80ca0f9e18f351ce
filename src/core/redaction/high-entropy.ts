import { marker } from './markers.ts';
import { type Randomness, randomness } from './randomness.ts';

/** Shorter runs are not judged, characters: a key of 62 kinds of characters has 119 bits at this length. */
const SHORTEST = 20;
/** Shortest key in hex digits: 128 bits. Shorter ones are ids and abbreviated hashes. */
const SHORTEST_HEX = 32;
/** What a run must exceed, bits: in all, and for each letter or digit, by what it is made of. */
const LEAST_BITS = 12;
const BITS_A_CHARACTER = 0.35;
const BITS_A_PLAIN_CHARACTER = 0.8;
/** A key has more kinds of characters than this; a sequence of bases or a ruler of dashes has fewer. */
const FEWEST_KINDS = 8;
/** A part of a path that reads at most so, bits a character, is a word. */
const WORD_BITS = -1;
const SHORTEST_WORD = 4;

/** A run that may be base64, base64url or a path. An escape sequence before it is none of it. */
const RUN = new RegExp(String.raw`(?:(\\[nrtbf])|(?<![A-Za-z0-9+/_-]))([A-Za-z0-9+/_-]{${SHORTEST},})={0,3}`, 'g');
const UUID = /(?<![A-Za-z0-9])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![A-Za-z0-9])/g;
const HEX = /^(?:0x)?(?=[0-9a-fA-F]*[0-9])(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]+$/;
const DIGITS = /^[0-9]+$/;
/** `ami-0c55b159cbfafe1f0`: a kind and a short hex number. */
const RESOURCE = /^[a-z]{1,16}[-_][0-9a-f]{1,31}$/;
/** A checksum says so: `sha256:…`, `sha512-…`. */
const CHECKSUM = /^sha(?:1|224|256|384|512)$/i;
const CHECKSUM_BEFORE = /(?:^|[^A-Za-z0-9])sha(?:1|224|256|384|512):$/i;
/** PNG, JPEG, GIF, WebP, SVG, XML and PDF in base64: no key begins so. */
const DOCUMENT = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|PHN2Zy|PD94bW|JVBERi0)/;
const CHECKSUM_REACH = 8;

/**
 * Replaces keys that nothing but their randomness gives away: runs of at least 20 characters that are no words, names, numbers or paths, and
 * hex numbers of at least 32 digits. A UUID, a checksum that names its algorithm and a document in base64 stay. Linear.
 */
export function redactHighEntropy(text: string): string {
  if (text.length < SHORTEST) return text;
  return text.replace(RUN, (match: string, escaped: string | undefined, run: string, at: number) => {
    if (DOCUMENT.test(run) || isChecksum(text, at, run)) return match;
    const judged = judgedRun(run);
    return judged === run ? match : `${escaped ?? ''}${judged}`;
  });
}

function isChecksum(text: string, at: number, run: string): boolean {
  const [algorithm = ''] = run.split('-', 1);
  return CHECKSUM.test(algorithm) || CHECKSUM_BEFORE.test(text.slice(Math.max(0, at - CHECKSUM_REACH), at));
}

/** A run as it may be kept: whole, gone, or without those of its parts between slashes that are keys. */
function judgedRun(run: string): string {
  const parts = run.split('/');
  const whole = secretIn(run);
  if (parts.length === 1) return whole ?? run;
  if (whole === null) return parts.map((part) => (part.length < SHORTEST ? part : (secretIn(part) ?? part))).join('/');
  // A key in base64 may hold slashes: what lies between two words of a path is one piece.
  return pieces(parts).join('/');
}

/** The words of a path, and one marker for whatever lies between two of them. */
function pieces(parts: readonly string[]): string[] {
  const secret = marker('high-entropy');
  const kept: string[] = [];
  for (const [at, part] of parts.entries()) {
    const piece = (at === 0 && part === '') || isWord(part) ? part : secret;
    if (piece !== secret || kept.at(-1) !== secret) kept.push(piece);
  }
  return kept;
}

function isWord(part: string): boolean {
  if (part.length < SHORTEST_WORD) return false;
  const { bits, length } = randomness(part);
  return bits <= WORD_BITS * length;
}

/** The marker for a run that is a key; null: it is none. */
function secretIn(run: string): string | null {
  const bare = run.includes('-') ? run.replace(UUID, '') : run;
  if (bare.length < SHORTEST || DIGITS.test(bare) || RESOURCE.test(bare)) return null;
  if (HEX.test(bare)) return bare.length >= SHORTEST_HEX ? marker('hex-key') : null;
  return isRandom(bare, randomness(bare)) ? marker('high-entropy') : null;
}

function isRandom(run: string, { bits, length, has_upper, has_lower, has_digit }: Randomness): boolean {
  if (length < SHORTEST - 4 || new Set(run).size < FEWEST_KINDS || isMonotonous(run)) return false;
  const plain = (!has_upper && !has_digit) || (!(has_upper && has_lower) && /[/_-]/.test(run));
  return bits > Math.max(LEAST_BITS, length * (plain ? BITS_A_PLAIN_CHARACTER : BITS_A_CHARACTER));
}

/** Mostly the same character again or the next of the alphabet: `aaaa…`, `abcdef…`, `0123…`. */
function isMonotonous(run: string): boolean {
  let steps = 0;
  for (let at = 1; at < run.length; at++) {
    if (Math.abs(run.charCodeAt(at) - run.charCodeAt(at - 1)) <= 1) steps += 1;
  }
  return steps * 2 > run.length;
}
