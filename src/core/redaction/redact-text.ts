import { redactAddresses, redactAssignments } from './assignments.ts';
import { redactCards } from './card-numbers.ts';
import { redactCredentials } from './credentials.ts';
import { redactHighEntropy } from './high-entropy.ts';
import { marker } from './markers.ts';
import { redactPrivateKeys } from './private-keys.ts';
import { replaceTokens } from './token-shapes.ts';

const MOST_PASSES = 4;
/** A short word or name: no assignment, and too short for any token. */
const WORD = /^[A-Za-z0-9_.]{0,12}$/;

/**
 * The text without the secrets that can be told from it: private keys, tokens of known form, passwords in addresses, headers, values of
 * sensitive names, card numbers, and what only its randomness gives away. Each becomes `[redacted:<reason>]`; all else stays as it is,
 * to the byte. Twice is as good as once. Time is linear in the length, whatever the text.
 */
export function redactText(text: string): string {
  if (WORD.test(text)) return text;
  let redacted = redactedOnce(text);
  // Where one secret follows another without a gap, the second shows only once the first is gone.
  for (let pass = 1, before = text; redacted !== before && pass < MOST_PASSES; pass++) {
    before = redacted;
    redacted = redactedOnce(before);
  }
  return redacted;
}

function redactedOnce(text: string): string {
  const tokens = replaceTokens(redactPrivateKeys(text), marker);
  return redactHighEntropy(redactCards(redactAssignments(redactCredentials(redactAddresses(tokens)))));
}
