/** What a hook was told beside the settings of every recorder. */
export interface HookFlags {
  /** Name tools in the prompt's context. */
  readonly hint: boolean;
  /** Confidence in [0, 1] from which a tool is named. */
  readonly threshold: number;
  /** What is wrong; the hook goes on with what it understood. */
  readonly problems: readonly string[];
}

const DEFAULT_THRESHOLD = 0.6;
const THRESHOLD = '--hint-threshold';

/** Reads the words that `lightSettings` left over. */
export function hookFlags(words: readonly string[]): HookFlags {
  const problems: string[] = [];
  let threshold = DEFAULT_THRESHOLD;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--hint') continue;
    if (word !== THRESHOLD && !word.startsWith(`${THRESHOLD}=`)) problems.push(`${word} is not a flag of hook; see toolwise hook --help`);
    else threshold = thresholdIn(word === THRESHOLD ? (words[++at] ?? '') : word.slice(THRESHOLD.length + 1), problems);
  }
  return { hint: words.includes('--hint'), threshold, problems };
}

function thresholdIn(text: string, problems: string[]): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  problems.push(`${THRESHOLD} is "${text}"; give a number from 0 to 1`);
  return DEFAULT_THRESHOLD;
}

export const HOOK_HELP = `Usage: toolwise hook [options]

Records what an agent does. Claude Code and Cursor run it at their hooks: it reads one JSON object from stdin, keeps what it says about calls in
the spool beside the database, prints nothing and always exits with 0. The server, status and later hooks take the spool in. What goes wrong
stands in problems.log in the spool.

Options:
  --hint                    at a prompt in Claude Code, name the tools that are learned to work for it (one line of additional context)
  --hint-threshold <number> confidence from which a tool is named, from 0 to 1 (default: ${DEFAULT_THRESHOLD})
  --db <path>               database file (TOOLWISE_DB)
  --config <path>           JSON file of settings (TOOLWISE_CONFIG)
  --recorded-text <mode>    what is kept of texts: none, shape, redacted, full (TOOLWISE_RECORDED_TEXT)
  -h, --help                this text
`;
