/**
 * How surprising a letter is after another in words, names and paths: a row for each letter before and one for the start of a word, a column
 * for each letter after, one base-36 digit of 0.4 bits each. Counted over 118,000 distinct runs of letters and digits (the declarations,
 * READMEs and messages in 50 languages of the development dependencies, and public trajectories of agents), hashes and keys left out.
 */
const ROWS = [
  'ncabnidndlg8a9scq8a6ehiiej', // a
  '7igj8lip8bm6jk9jrbch8pqqcp', // b
  '8nfl8nt7bjablp5iobg8cqrpij', // c
  '8hkd3jjn7nmdkh9irddjbjnofm', // d
  'bha9gegmhlicb7kef67akeibfl', // e
  '9lfk8aps4wqbog7oubfdaopqes', // f
  'bikm4ndb8qpbg9cfs9bf9norjo', // g
  '6mnk4pqr8rngeh7nlcfaeqmrgq', // h
  'dgacbdbrqqiab57emd98oeripe', // i
  'aomi4nplcunnjh9ikn4fchblur', // j
  'ajfh3jfk8plbkdahtf9bdmiugs', // k
  '8hkc5jkn6rk9kk8itndbafovcs', // l
  '6chk5pns8rnfdi97slcmenuphp', // m
  '9na99c8maoghjf9iql76efnthm', // n
  'gec9mhgphjfba5e9x7cdbedknl', // o
  '7ojg6nmgctm9mm8cy7e7clqpjs', // p
  'llnqpppqkprapomqqlko0vhoqs', // q
  '7kde5hfq8uggde8jscbacgludl', // r
  'cnah6hmc8qehiiablk95bmljdl', // s
  '8pek5lna5sphjl9iz9bddqlqap', // t
  'dddf8fesbik8b7kbu788lmqmml', // u
  '5mkl3nlp7zpkkjbnwijkensqip', // v
  '6lmi7nkb5vihma8ks9bfmrkpem', // w
  'cl9j8jpiapuhgmg4ulh4mpphdp', // x
  'cfdicghmclhbb7c4uh9djnbwli', // y
  '8jjh5pjk8okghc5hoohkckfoce', // z
  'ac9babeeagfdbcbaka9adedilg', // start
];

const STEP_BITS = 0.4;

/** Row of the start of a word. */
export const START = 26;

const BITS: Float64Array = Float64Array.from([...ROWS.join('')], (digit) => Number.parseInt(digit, 36) * STEP_BITS);

/** −log₂ P(letter | before), bits; letters are 0–25, `before` may be {@link START}. */
export function letterBits(before: number, letter: number): number {
  return BITS[before * 26 + letter] ?? 0;
}
