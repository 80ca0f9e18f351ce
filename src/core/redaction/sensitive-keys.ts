import { words } from '../text.ts';

/** `tokens` may be counted: of such a key only texts are secrets, of any other numbers too. */
export type Sensitivity = 'secret' | 'countable' | 'none';

/** Longer names are no names; characters that are looked at. */
const LONGEST_KEY = 128;

const list = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** A name without any of these needs no closer look. */
const SUSPICIOUS =
  /pass|pwd|secret|cred|auth|cookie|cv[vc]|otp|key|mnemo|bearer|jwt|sid|sess|conn|token|code|phrase|card|pin|ssn|pat|sas|senha|[^ -~]|wort|parola|wacht|heslo|haslo|sifre|contrase/i;

/** Words that make a name sensitive wherever they stand in it. */
const SENSITIVE = list(
  'password passwords passwd passphrase passcode passkey pwd secret secrets credential credentials creds authorization cookie cookies cvv cvc ' +
    'otp totp mnemonic bearer jwt sessionid sid apikey privatekey secretkey accesskey authkey accesstoken authtoken refreshtoken idtoken ' +
    'connectionstring connstr passwort kennwort senha contraseña contrasena parola wachtwoord lösenord heslo hasło haslo şifre sifre пароль ' +
    'パスワード 비밀번호',
);
/** Ends of names written in one word: `dbpassword`, `clientsecret`. */
const SENSITIVE_END = /(?:passw(?:or)?d|passphrase|apikey|secret|secretkey|privatekey|accesskey|authkey|authtoken|accesstoken|bottoken)$/;
/** Words that make a name sensitive when they end it. */
const SENSITIVE_LAST = list('auth pin pass ssn pat');
const SENSITIVE_PAIRS = list(
  'api+key api+keys private+key private+keys secret+key access+key access+keys encryption+key signing+key master+key ssh+key auth+key ' +
    'account+key storage+key service+key deploy+key license+key shared+key session+key client+key hmac+key aes+key rsa+key app+key ' +
    'function+key subscription+key webhook+key connection+string conn+string conn+str connection+uri security+code recovery+code ' +
    'recovery+codes backup+code backup+codes verification+code access+code auth+code seed+phrase recovery+phrase secret+phrase card+number ' +
    'pass+word pass+wd pass+phrase pass+code pin+code 密+码 密+碼 sas+url session+cookie user+pass db+pass auth+header auth+string',
);
/** After a sensitive word these say that the value is about the secret, not the secret. */
const ABOUT = list(
  'count counts limit limits type types usage budget length size min max expiry expires expiration ttl policy name names field label hint ' +
    'url uri endpoint path file filename id ids enabled required reset status format strength rule rules prompt page form input manager age ' +
    'changed updated created at date time total used per ratio price cost symbol address index kind version scope scopes visibility rotation ' +
    'provider store vault consent banner domain',
);
/** `pass` and `pat` are also tickets, results and names: alone, or after these, they are passwords and tokens. */
const OWNERS = list(
  'db user smtp imap mysql mariadb postgres ftp sftp ldap redis mongo root admin login email mail proxy http gitlab github azure',
);
const AMBIGUOUS = list('pass pat');

/**
 * Whether the value of a parameter, field or variable of this name is a secret: by the words of the name, so that `author`, `tokenizer`,
 * `passenger`, `keyboard` and `token_count` are not.
 */
export function sensitivity(key: string): Sensitivity {
  if (!SUSPICIOUS.test(key)) return 'none';
  const parts = words(key.slice(0, LONGEST_KEY)).map((word) => word.replace(/(?<=[^0-9])[0-9]{1,4}$/, ''));
  for (const [at, word] of parts.entries()) {
    if (ABOUT.has(parts[at + 1] ?? '')) continue;
    if (SENSITIVE.has(word) || SENSITIVE_END.test(word) || SENSITIVE_PAIRS.has(`${word}+${parts[at + 1]}`)) return 'secret';
    if (word === 'token') return 'secret';
    if (word === 'tokens') return 'countable';
    if (at === parts.length - 1 && SENSITIVE_LAST.has(word) && isOwned(parts, at)) return 'secret';
  }
  return 'none';
}

function isOwned(parts: readonly string[], at: number): boolean {
  return at === 0 || !AMBIGUOUS.has(parts[at] ?? '') || OWNERS.has(parts[at - 1] ?? '');
}
