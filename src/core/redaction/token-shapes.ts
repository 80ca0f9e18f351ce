import type { Reason } from './markers.ts';

/** A kind of secret that is known by its looks: a fixed beginning, then characters of one class. No group in it captures. */
interface Shape {
  readonly reason: Reason;
  readonly pattern: string;
}

const shape = (reason: Reason, ...patterns: readonly string[]): Shape => ({ reason, pattern: patterns.join('|') });
const { raw } = String;
/** Not inside a word; the letter of an escape sequence is none. */
const WORD_START = raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))`;
const RUN_START = raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))`;

/**
 * Prefixes as their makers document them; the lengths are lower bounds, and what goes on in the same characters belongs to the token. After a
 * prefix that fails at most 100 characters have been read, and a run that needs a dot to be a token is tried only from its beginning: the
 * time is linear.
 */
const SHAPES: readonly Shape[] = [
  shape('aws-key', raw`(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|AROA)[A-Z0-9]{16}(?![A-Z0-9])`),
  shape('github-token', raw`gh[oprsu]_[A-Za-z0-9]{30,1024}`, raw`github_pat_[A-Za-z0-9_]{40,1024}`),
  shape('gitlab-token', raw`gl(?:agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rt|soat)-[A-Za-z0-9_.-]{16,1024}`),
  shape(
    'slack-token',
    raw`xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,1024}`,
    raw`xapp-[A-Za-z0-9-]{10,1024}`,
    raw`hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,1024}`,
  ),
  shape(
    'payment-key',
    raw`(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,1024}`,
    raw`whsec_[A-Za-z0-9+/_-]{16,1024}`,
    raw`sq0[a-z]{3}-[A-Za-z0-9_-]{22,1024}`,
    raw`access_token\$(?:production|sandbox)\$[A-Za-z0-9$]{20,1024}`,
    raw`shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{32,1024}`,
  ),
  shape(
    'llm-key',
    raw`sk-(?:ant|or|proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,1024}`,
    raw`${WORD_START}sk-(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_]{20,1024}`,
    raw`${WORD_START}(?:gsk|hf|api_org|xai|nvapi|fw|sk_cr)[_-][A-Za-z0-9_-]{32,1024}`,
    raw`hf_[A-Za-z0-9]{30,1024}`,
    raw`${WORD_START}r8_[A-Za-z0-9]{30,1024}`,
    raw`pplx-[A-Za-z0-9]{32,1024}`,
  ),
  shape(
    'google-key',
    raw`AIza[A-Za-z0-9_-]{33,1024}`,
    raw`ya29\.[A-Za-z0-9_-]{20,2048}`,
    raw`GOCSPX-[A-Za-z0-9_-]{20,1024}`,
    raw`${RUN_START}1//0[A-Za-z0-9_-]{30,1024}`,
    raw`AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{60,1024}`,
  ),
  shape('jwt', raw`${RUN_START}eyJ[A-Za-z0-9_-]{10,8192}\.[A-Za-z0-9_-]{4,8192}(?:\.[A-Za-z0-9_-]{0,8192}){0,3}`),
  shape(
    'azure-key',
    raw`(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,64}`,
    raw`(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{33,76}(?:JQQJ99|AStA|APIM|ACDb|AIoT|AzSe|AzCa|\+ASt|\+ARm|\+ACR|\+AMC|ACDbu)[A-Za-z0-9+/]{4,64}={0,2}`,
  ),
  shape(
    'bot-token',
    raw`(?<![0-9])[0-9]{8,10}:[A-Za-z0-9_-]{35,64}`,
    raw`${RUN_START}(?:mfa\.[A-Za-z0-9_-]{20,1024}|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,64})`,
    raw`discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{5,20}/[A-Za-z0-9_-]{20,1024}`,
  ),
  shape(
    'service-token',
    raw`${WORD_START}(?:AC|SK)[0-9a-f]{32}(?![A-Za-z0-9])`,
    raw`${RUN_START}SG\.[A-Za-z0-9_-]{16,256}\.[A-Za-z0-9_-]{16,256}`,
    raw`npm_[A-Za-z0-9]{30,1024}`,
    raw`pypi-(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{30,2048}`,
    raw`do[oprt]_v1_[A-Fa-f0-9]{32,1024}`,
    raw`HRKU-[A-Za-z0-9_-]{20,1024}`,
    raw`dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,1024}`,
    raw`${WORD_START}dapi[a-f0-9]{32,1024}`,
    raw`lin_(?:api|oauth)_[A-Za-z0-9]{30,1024}`,
    raw`${WORD_START}(?:secret|ntn)_[A-Za-z0-9]{40,1024}`,
    raw`${WORD_START}hv[bs]\.[A-Za-z0-9_-]{20,1024}`,
    raw`${WORD_START}pul-[a-f0-9]{40}`,
    raw`\.atlasv1\.[A-Za-z0-9_-]{40,1024}`,
    raw`gl(?:sa|c)_[A-Za-z0-9_+/=]{30,1024}`,
    raw`NRA[AK]-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{30,64}`,
    raw`sntry[su]_[A-Za-z0-9_+/=]{30,2048}`,
    raw`pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{20,1024}`,
    raw`sb[ps]_[A-Za-z0-9_]{20,1024}|sb_secret_[A-Za-z0-9_-]{20,1024}`,
    raw`AGE-SECRET-KEY-1[A-Z0-9]{50,64}`,
    raw`figd_[A-Za-z0-9_-]{20,1024}`,
    raw`AT(?:ATT|CTT|BB)[A-Za-z0-9]{1,4}[A-Za-z0-9_=-]{20,1024}`,
    raw`${WORD_START}pat[A-Za-z0-9]{14}\.[a-f0-9]{40,64}`,
    raw`rubygems_[a-f0-9]{40,64}`,
    raw`${WORD_START}key-[0-9a-f]{32}`,
    raw`${WORD_START}EAA[A-Za-z0-9]{60,1024}`,
  ),
];

/** No token is shorter or holds another character: prose is not searched for them. */
const LONG_RUN = /(?<![A-Za-z0-9_.~:$+/-])[A-Za-z0-9_.~:$+/-]{15}/;
const ALL = new RegExp(SHAPES.map(({ pattern }) => `(${pattern})`).join('|'), 'g');

/** Replaces tokens whose kind is known by their prefix or form. @param put gives the replacement */
export function replaceTokens(text: string, put: (reason: Reason) => string): string {
  if (!LONG_RUN.test(text)) return text;
  return text.replace(ALL, (...found: readonly unknown[]) => {
    const kind = SHAPES.findIndex((_, at) => found[at + 1] !== undefined);
    return put(SHAPES[kind]?.reason ?? 'service-token');
  });
}
