/** Stands where something was too long, too deep or too much to be kept. */
export const CUT = '[cut]';

/** Every reason a text can be redacted for: the word after `[redacted:`. */
export type Reason =
  | 'aws-key'
  | 'azure-key'
  | 'bot-token'
  | 'card-number'
  | 'credentials'
  | 'github-token'
  | 'gitlab-token'
  | 'google-key'
  | 'hex-key'
  | 'high-entropy'
  | 'jwt'
  | 'llm-key'
  | 'payment-key'
  | 'private-key'
  | 'sensitive-key'
  | 'service-token'
  | 'signature'
  | 'slack-token'
  | 'url-password';

const OPENING = '[redacted:';

/** The fixed ASCII text that stands where a secret was; no rule of this folder finds a secret in it. */
export function marker(reason: Reason): string {
  return `${OPENING}${reason}]`;
}

/** Whether something was taken out of the text. */
export function holdsMarker(text: string): boolean {
  return text.includes(OPENING) || text.includes(CUT);
}

export function startsWithMarker(text: string, at: number): boolean {
  return text.startsWith(OPENING, at);
}
