import { counted } from '../../core/quote.ts';
import type { Engine } from '../../engine/engine.ts';
import type { SubmitFeedbackOutput } from '../../engine/submit-feedback.ts';
import { type UnratedInput, unratedExecutions } from '../../engine/unrated-executions.ts';
import { ConfigurationError } from '../../errors.ts';
import type { CommandCall } from '../command.ts';
import { configure } from '../configure.ts';
import { complain, print } from '../output.ts';
import { linesOf } from '../read-lines.ts';
import { atTerminal, confirm } from '../setup/ask.ts';
import { spoolFolder } from '../spool/folder.ts';
import { styleOfOutput, withProgress } from '../terminal.ts';
import { requireDatabase, withEngine } from '../with-engine.ts';
import { askRatings } from './ask-ratings.ts';
import { rateAll } from './rate-all.ts';
import { rateLines } from './rate-lines.ts';
import { rateOne } from './rate-one.ts';
import { ratedText, unratedText } from './rate-text.ts';
import { commentOf, countOf, executionIdOf, starsOf } from './read-rating.ts';

const LISTED = 20;
const NO_LIMIT = 1_000_000_000;

type Work = (engine: Engine) => Promise<void>;

/** `toolwise rate`. @returns the exit code @throws ConfigurationError for wrong usage, before anything is opened */
export async function runRate(call: CommandCall): Promise<number> {
  const { access, work } = asked(call);
  const configuration = configure(call.given);
  requireDatabase(configuration);
  const writes = access === 'write' && !configuration.settings.read_only;
  await withEngine(configuration, access, async (engine) => {
    if (writes) await takeIn(engine);
    await work(engine);
  });
  return 0;
}

/** What hooks have seen a moment ago can be rated too. */
async function takeIn(engine: Engine): Promise<void> {
  const { collect } = await import('../spool/collect.ts');
  const { problems } = await collect(engine, spoolFolder(engine.file));
  for (const problem of problems) complain(`toolwise: ${problem}`);
}

/** What the words and flags ask for. */
function asked(call: CommandCall): { readonly access: 'read' | 'write'; readonly work: Work } {
  const { options, arguments: words } = call;
  const [id, stars] = words;
  const all = options.get('--all');
  const ways = [id !== undefined, all !== undefined, options.has('--list')].filter(Boolean);
  if (ways.length > 1) throw new ConfigurationError('give one of: an execution_id with its stars, -, --all, --list');
  requireFits(options, id, all);
  if (all !== undefined) return { access: options.has('--dry-run') ? 'read' : 'write', work: many(call, starsOf(all, '--all is')) };
  if (id === '-') return { access: 'write', work: lines(call, stars) };
  if (id !== undefined) return { access: 'write', work: one(call, id, stars) };
  const asking = atTerminal() && !options.has('--list') && !options.has('--json');
  return { access: 'write', work: asking ? oneByOne(call) : list(call) };
}

/** Flags that would do nothing here are a mistake. */
function requireFits(options: CommandCall['options'], id: string | undefined, all: string | true | undefined): void {
  const filters = ['--tool', '--session', '--limit'].filter((flag) => options.has(flag));
  if (id !== undefined && filters.length > 0) throw new ConfigurationError(`${filters[0]} does not go with an execution_id; leave it out`);
  if (options.has('--comment') && all === undefined && (id === undefined || id === '-')) {
    throw new ConfigurationError('--comment belongs to a rating: toolwise rate EXECUTION_ID STARS --comment TEXT');
  }
  if (options.has('--dry-run') && all === undefined) throw new ConfigurationError('--dry-run belongs to --all');
  if (all !== undefined && filters.length === 0 && !options.has('--yes')) {
    throw new ConfigurationError('--all without --tool, --session or --limit would rate everything; give one of them, or --yes');
  }
}

function filterOf({ options }: CommandCall, limit: number): UnratedInput {
  const text = (flag: string) => {
    const value = options.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  return { tool_name: text('--tool'), session_id: text('--session'), limit: countOf(options.get('--limit'), '--limit', limit) };
}

function one({ options }: CommandCall, id: string, stars: string | undefined): Work {
  if (stars === undefined) throw new ConfigurationError(`the stars are missing: toolwise rate ${id} STARS, from 1 (bad) to 5 (good)`);
  const rating = { execution_id: executionIdOf(id), rating: starsOf(stars, 'stars are'), feedback: commentOf(options.get('--comment')) };
  return async (engine) => {
    const rated = await rateOne(engine, rating);
    print(options.has('--json') ? JSON.stringify(rated, null, 2) : ratedText(rated));
  };
}

function lines({ options }: CommandCall, stars: string | undefined): Work {
  if (stars !== undefined) throw new ConfigurationError('- reads the stars from stdin; leave them out');
  const json = options.has('--json');
  const tell = (rated: SubmitFeedbackOutput) => print(json ? JSON.stringify(rated) : ratedText(rated));
  return async (engine) => {
    const rated = await rateLines(engine, linesOf('-'), tell);
    if (!json) print(`${counted(rated, 'execution')} rated.`);
  };
}

function many(call: CommandCall, rating: number): Work {
  const { options } = call;
  const filter = filterOf(call, NO_LIMIT);
  const feedback = commentOf(options.get('--comment'));
  const dry_run = options.has('--dry-run');
  return async (engine) => {
    const { total } = await unratedExecutions(engine, { ...filter, limit: 1 });
    const matching = Math.min(total, filter.limit);
    const told = (rated: number, words: string) =>
      print(options.has('--json') ? JSON.stringify({ matching, rated, rating, dry_run }, null, 2) : words);
    if (dry_run) return told(0, `Would rate ${counted(matching, 'execution')} ${rating} of 5; nothing was written.`);
    if (
      matching > 0 &&
      !options.has('--yes') &&
      atTerminal() &&
      !(await confirm(`Rate ${counted(matching, 'execution')} ${rating} of 5?`))
    ) {
      return told(0, 'Nothing was rated.');
    }
    const rated = await withProgress('ratings', (tell) => rateAll(engine, filter, { rating, feedback }, (done) => tell(done, matching)));
    told(rated, `Rated ${counted(rated, 'execution')} ${rating} of 5.`);
  };
}

function list(call: CommandCall): Work {
  const filter = filterOf(call, LISTED);
  return async (engine) => {
    const unrated = await unratedExecutions(engine, filter);
    print(call.options.has('--json') ? JSON.stringify(unrated, null, 2) : unratedText(unrated, styleOfOutput()));
  };
}

function oneByOne(call: CommandCall): Work {
  const filter = filterOf(call, LISTED);
  return async (engine) => {
    const { executions } = await unratedExecutions(engine, filter);
    if (executions.length === 0) print('No execution waits for a rating.');
    else print(`${counted(await askRatings(engine, executions), 'execution')} rated.`);
  };
}
