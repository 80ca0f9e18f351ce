import { type Command, JSON_OPTION } from '../command.ts';

/** Lists calls without a rating and rates them. */
export const rateCommand: Command = {
  name: 'rate',
  about: 'rate recorded calls, 1 (bad) to 5 (good) stars',
  details:
    'Without words it goes through the latest unrated calls and asks; without a terminal it lists them. With - it reads lines from stdin:\n' +
    'EXECUTION_ID STARS [comment], or {"execution_id": "...", "rating": 5, "feedback": "..."}. A rating revises the reward and the values\n' +
    'that the call taught; a second rating replaces the first.',
  arguments: [
    { name: '[execution_id]', about: 'which call, as --list shows it; - reads lines from stdin' },
    { name: '[stars]', about: 'from 1 (bad) to 5 (good)' },
  ],
  options: [
    { flag: '--list', about: 'only list what waits for a rating' },
    { flag: '--all <stars>', about: 'give all unrated calls that fit these stars' },
    { flag: '--tool <name>', about: 'only calls of this tool' },
    { flag: '--session <id>', about: 'only calls of this session' },
    { flag: '--limit <count>', about: 'only the latest so many (default: 20; with --all: no limit)' },
    { flag: '--comment <text>', about: 'the words that go with the stars' },
    { flag: '--dry-run', about: 'with --all: only say how many' },
    { flag: '--yes', about: 'do not ask; with --all: also without a filter' },
    JSON_OPTION,
  ],
  async run(call) {
    const { runRate } = await import('../rate/run-rate.ts');
    return await runRate(call);
  },
};
