import { seededUniform } from '../../../src/core/random.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const UPPER = LOWER.toUpperCase();
const HEX = `${DIGITS}abcdef`;
const BASE62 = UPPER + LOWER + DIGITS;
const BASE64 = `${BASE62}+/`;
const URL64 = `${BASE62}-_`;

/** Draws characters; the same seed gives the same secrets. */
export class Mint {
  readonly #uniform: () => number;

  constructor(seed: number) {
    this.#uniform = seededUniform(seed);
  }

  below(count: number): number {
    return Math.floor(this.#uniform() * count);
  }

  of(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet.charAt(this.below(alphabet.length))).join('');
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }

  base64(text: string): string {
    return Buffer.from(text).toString('base64');
  }
}

/** How secrets of each kind look, from their makers' documentation; what must be gone is the whole of the text. */
export const SECRETS: Readonly<Record<string, (mint: Mint) => string>> = {
  'AWS access key id': (m) => m.pick(['AKIA', 'ASIA']) + m.of(UPPER + DIGITS, 16),
  'AWS secret access key, bare': (m) => m.of(BASE64, 40),
  'GitHub classic token': (m) => m.pick(['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_']) + m.of(BASE62, 36),
  'GitHub fine-grained token': (m) => `github_pat_${m.of(BASE62, 22)}_${m.of(BASE62, 59)}`,
  'GitLab token': (m) => `glpat-${m.of(URL64, 20)}`,
  'Slack bot token': (m) => `xoxb-${m.of(DIGITS, 12)}-${m.of(DIGITS, 12)}-${m.of(BASE62, 24)}`,
  'Slack webhook': (m) => `https://hooks.slack.com/services/T${m.of(UPPER + DIGITS, 8)}/B${m.of(UPPER + DIGITS, 8)}/${m.of(BASE62, 24)}`,
  'Stripe key': (m) => `${m.pick(['sk_live_', 'rk_live_', 'sk_test_'])}${m.of(BASE62, 24)}`,
  'OpenAI key': (m) => `sk-${m.of(BASE62, 48)}`,
  'OpenAI project key': (m) => `sk-proj-${m.of(URL64, 74)}T3BlbkFJ${m.of(URL64, 74)}`,
  'Anthropic key': (m) => `sk-ant-api03-${m.of(URL64, 93)}AA`,
  'Google API key': (m) => `AIza${m.of(URL64, 35)}`,
  'Google OAuth token': (m) => `ya29.${m.of(URL64, 120)}`,
  JWT: (m) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: m.of(DIGITS, 10), iat: m.below(2 ** 31) })}.${m.of(URL64, 43)}`;
  },
  'PEM private key': (m) => {
    const lines = Array.from({ length: 12 }, () => m.of(BASE64, 64));
    const kind = m.pick(['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']);
    return `-----BEGIN ${kind}-----\n${lines.join('\n')}\n-----END ${kind}-----`;
  },
  'Basic header': (m) => `Basic ${m.base64(`${m.of(LOWER, 6)}:${m.of(BASE62, 10)}`)}`,
  'Bearer header': (m) => `Bearer ${m.of(BASE62, 32)}`,
  'npm token': (m) => `npm_${m.of(BASE62, 36)}`,
  'PyPI token': (m) => `pypi-AgEIcHlwaS5vcmc${m.of(URL64, 120)}`,
  'SendGrid key': (m) => `SG.${m.of(URL64, 22)}.${m.of(URL64, 43)}`,
  'Twilio account and key': (m) => m.pick(['AC', 'SK']) + m.of(HEX, 32),
  'Azure storage key': (m) => `${m.of(BASE64, 86)}==`,
  'Azure client secret': (m) => `${m.of(BASE62, 3)}8Q~${m.of(BASE62, 34)}`,
  'Discord bot token': (m) => `M${m.of(BASE62, 23)}.${m.of(URL64, 6)}.${m.of(URL64, 27)}`,
  'Telegram bot token': (m) => `${1 + m.below(9)}${m.of(DIGITS, 8)}:AA${m.of(URL64, 33)}`,
  'Heroku key': (m) => `HRKU-${m.of(URL64, 60)}`,
  'DigitalOcean token': (m) => `dop_v1_${m.of(HEX, 64)}`,
  'Hugging Face token': (m) => `hf_${m.of(UPPER + LOWER, 34)}`,
  'Shopify token': (m) => `shpat_${m.of(HEX, 32)}`,
  'Databricks token': (m) => `dapi${m.of(HEX, 32)}`,
  'Vault token': (m) => `hvs.${m.of(URL64, 90)}`,
  'MD5-sized hex key': (m) => m.of(HEX, 32),
  'SHA-256-sized hex key': (m) => m.of(HEX, 64),
  'base64 key of 32 bytes': (m) => `${m.of(BASE64, 43)}=`,
  'base64url key of 32 bytes': (m) => m.of(URL64, 43),
  'base62 key of 32 characters': (m) => m.of(BASE62, 32),
  'small letters and digits, 32 characters': (m) => m.of(LOWER + DIGITS, 32),
  'Visa card': (m) => withCheckDigit(`4${m.of(DIGITS, 14)}`),
  'Mastercard in groups': (m) => withCheckDigit(`5${1 + m.below(5)}${m.of(DIGITS, 13)}`).replace(/(.{4})(?=.)/g, '$1 '),
};

/** Secrets that only what stands around them gives away: the secret, and a text that holds it. */
export const IN_CONTEXT: Readonly<Record<string, (secret: string) => string>> = {
  'password of an address': (secret) => `connect to postgres://app:${secret}@db.example.org:5432/shop?sslmode=require now`,
  '.env line': (secret) => `PORT=8080\nDB_PASSWORD=${secret}\nDEBUG=true`,
  'exported variable': (secret) => `export API_TOKEN='${secret}'`,
  'JSON text': (secret) => JSON.stringify({ user: 'ann', password: secret, n: 1 }),
  'JSON text in JSON text': (secret) => JSON.stringify(JSON.stringify({ user: 'ann', client_secret: secret })),
  'Python dict': (secret) => `{'user': 'ann', 'passwd': '${secret}'}`,
  YAML: (secret) => `database:\n  user: ann\n  password: ${secret}\n  port: 5432`,
  'query parameter': (secret) => `GET /v1/items?limit=5&access_token=${secret}&page=2`,
  'signed address': (secret) => `https://blob.example.net/a.csv?sv=2024&sig=${secret}&se=2026`,
  header: (secret) => `curl -H "Authorization: Bearer ${secret}" https://api.example.org`,
  'key header': (secret) => `X-Api-Key: ${secret}`,
  cookie: (secret) => `Cookie: theme=dark; sessionid=${secret}; lang=en`,
  flag: (secret) => `mysql --user app --password ${secret} shop`,
  'flag with =': (secret) => `deploy --token=${secret} --force`,
  'connection string': (secret) => `Server=db;Database=shop;User Id=app;Password=${secret};Encrypt=yes`,
  'Azure connection string': (secret) =>
    `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${secret};EndpointSuffix=core.windows.net`,
  XML: (secret) => `<server><username>ann</username><password>${secret}</password></server>`,
  'properties file': (secret) => `spring.datasource.password=${secret}`,
  code: (secret) => `const apiKey = "${secret}";`,
  Ruby: (secret) => `:secret => "${secret}"`,
  sentence: (secret) => `my password is ${secret}, keep it`,
};

/** A password a person may choose: letters, digits and a sign; nothing in it is random enough to be told alone. */
export function password(mint: Mint): string {
  const word = mint.pick(['sunny', 'Dragon', 'hunter', 'Summer', 'monkey', 'Kitten']);
  return `${word}${mint.of(DIGITS, 4)}${mint.pick(['!', '$', '*', '+', '_', '%'])}${mint.of(LOWER, 3)}`;
}

function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
