/** Letters, marks and digits; a Han character is a word of its own, since no spaces part them. Linear: no alternative overlaps another. */
const WORD = /(?=\p{sc=Han})[\p{L}\p{N}]|(?:(?!\p{sc=Han})[\p{L}\p{M}\p{N}])+/gu;

/** Where an identifier changes words: fooBar → foo|Bar, HTTPServer → HTTP|Server. */
const CAMEL_BOUNDARY = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/** Text between quotation marks. An apostrophe inside a word opens nothing. No mark may stand inside, so a scan never passes the next one. */
const QUOTED = /"[^"]*"|`[^`]*`|“[^“”]*”|«[^«»]*»|(?<![\p{L}\p{N}])['‘][^'‘’]*['’](?![\p{L}\p{N}])/gu;

const EDGE_PUNCTUATION = /^["'`“”‘’«»()[\]{}<>,;:!?]+|(?<!["'`“”‘’«»()[\]{}<>,;:!?.…])["'`“”‘’«»()[\]{}<>,;:!?.…]+$/g;

const FILE_NAME = /.\.[a-z][a-z0-9]{0,9}$/i;
const PATH_START = /^(?:[~.]{0,2}[/\\]|[a-z]:[/\\])/i;
const INNER_PATH = /\\|\/.*\//;
const ADDRESS = /:\/\/|@|^www\./i;
const PLURAL_END = /[^sui]s$/;
const DOUBLED_END = /([^aeiou])\1$/;
const VOWEL = /[aeiouy]/;

const DIGIT = /\p{N}/u;

/** Longer runs without a blank are keys, hashes or encoded data. */
const LONGEST_WORD = 64;

/** Short names such as s3, ec2 or mp4 are words although they hold a digit. */
const SHORT_NAME = /^[a-z][a-z0-9]{0,3}$/i;

/** English function words and courtesies: they say nothing about which tool is meant. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an the this that these those there here some any each all both i me my mine we us our ours you your yours he him his she her hers ' +
    'it its they them their theirs one ones s t m d ll re ve am is are was were be been being do does did done doing have has had having can ' +
    'could would should will shall may might must of for to in on at by with from into onto as and or but so if then than too very just also ' +
    'only now again about what which who whom whose how when where why please want wants need needs use uses used using let lets like hey hi hello thanks thank'
  ).split(' '),
);

/**
 * The words of a text: lower-cased, split where neither a letter nor a digit stands (so at `_ - . /` too) and inside camelCase.
 * Unicode throughout; time is linear in the length.
 */
export function words(text: string): string[] {
  const found = text.match(WORD) ?? [];
  return found.flatMap((word) => {
    const lower = word.toLowerCase();
    return lower === word ? [word] : word.split(CAMEL_BOUNDARY).map((part) => part.toLowerCase());
  });
}

/** The words that carry meaning, in order, repeated ones kept: no English stop words, and plurals and verb forms brought to one stem. */
export function contentWords(text: string): string[] {
  return words(text)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem);
}

/**
 * A request without its particulars: numbers, dates, quoted strings, paths, file names, addresses and ids are dropped, so that
 * "balance for entity 777" and "balance for entity 12" read the same. Of a text that is nothing but a quotation, the quoted words stay.
 */
export function abstractLiterals(text: string): string {
  const outside = plainTokens(text.replace(QUOTED, ' '));
  return (outside.length > 0 ? outside : plainTokens(text)).join(' ');
}

/** Cosine of the two texts' sets of content words, |A ∩ B| / √(|A|·|B|), in [0, 1]; 0 when either has none. */
export function similarity(a: string, b: string): number {
  const ofA = new Set(contentWords(a));
  const ofB = new Set(contentWords(b));
  if (ofA.size === 0 || ofB.size === 0) return 0;
  return [...ofA].filter((word) => ofB.has(word)).length / Math.sqrt(ofA.size * ofB.size);
}

function plainTokens(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((token) => token.length <= LONGEST_WORD)
    .map((token) => token.replace(EDGE_PUNCTUATION, ''))
    .filter((token) => token !== '' && !isLiteral(token));
}

function isLiteral(token: string): boolean {
  if (DIGIT.test(token) && !SHORT_NAME.test(token)) return true;
  return ADDRESS.test(token) || PATH_START.test(token) || INNER_PATH.test(token) || FILE_NAME.test(token);
}

/** A light suffix stripper: it need not find the dictionary form, only the same form for "list", "lists", "listed" and "listing". */
export function stem(word: string): string {
  if (word.length <= 3) return word;
  return withoutEnding(withoutPlural(word));
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  return PLURAL_END.test(word) ? word.slice(0, -1) : word;
}

function withoutEnding(word: string): string {
  if (word.endsWith('ied') && word.length > 4) return `${word.slice(0, -3)}y`;
  const base = withoutVerbForm(word);
  const bare = base.length > 3 && base.endsWith('e') ? base.slice(0, -1) : base;
  return bare.length > 3 ? bare.replace(DOUBLED_END, '$1') : bare;
}

/** Without -ing or -ed, unless too little is left to be a verb (bring, need, string). */
function withoutVerbForm(word: string): string {
  const cut = word.endsWith('ing') ? 3 : word.endsWith('ed') && !word.endsWith('eed') ? 2 : 0;
  const base = word.slice(0, word.length - cut);
  return base.length >= 3 && VOWEL.test(base) ? base : word;
}
