import { seededUniform } from '../../../src/core/random.ts';
import {
  type Action,
  type EpisodeArgs,
  QUERIES,
  type Read,
  type RecordArgs,
  SESSIONS,
  type SelectArgs,
  type StateArgs,
  type Step,
  TOOLS,
  type Write,
} from './steps.ts';

/** Draws from one seeded stream; the order of the draws is the plan. */
class Dice {
  readonly #uniform: () => number;
  #made = 0;
  last_episode: EpisodeArgs | null = null;

  constructor(seed: number) {
    this.#uniform = seededUniform(seed, 32);
  }

  below(count: number): number {
    return Math.floor(this.#uniform() * count);
  }

  chance(probability: number): boolean {
    return this.#uniform() < probability;
  }

  of<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** The value, or nothing: for optional arguments. */
  maybe<Key extends string, T>(probability: number, key: Key, value: T): { readonly [name in Key]?: T } {
    return (this.chance(probability) ? { [key]: value } : {}) as { readonly [name in Key]?: T };
  }

  some<T>(list: readonly T[], least: number): T[] {
    const shuffled = list.map((item) => ({ item, at: this.#uniform() })).toSorted((a, b) => a.at - b.at);
    return shuffled.slice(0, least + this.below(list.length - least + 1)).map(({ item }) => item);
  }

  newId(): string {
    this.#made += 1;
    return `call ${this.#made}`;
  }
}

/** The plan of a seed: `length` steps on `servers` processes that share one file. */
export function planOf(seed: number, { length, servers }: { readonly length: number; readonly servers: number }): readonly Step[] {
  const dice = new Dice(seed);
  return Array.from({ length }, () => ({ server: dice.below(servers), action: drawn(dice) }));
}

function drawn(dice: Dice): Action {
  const at = dice.below(1_000);
  if (at < 620) return write(dice);
  if (at < 965) return read(dice);
  if (at < 972) return { kind: 'restart' };
  if (at < 979) return { kind: 'kill' };
  if (at < 997) return { kind: 'kill during', step: write(dice, true), after_ms: dice.below(7) };
  return { kind: 'read only' };
}

/** @param named an execution has an id of its own, as a client gives it that wants to ask again */
function write(dice: Dice, named = false): Write {
  const at = dice.below(100);
  if (at < 46) return { kind: 'record', args: recordArgs(dice, named), advice: dice.chance(0.2) ? dice.below(4) : null };
  if (at < 60)
    return {
      kind: 'recommend',
      args: { ...stateArgs(dice), ...dice.maybe(0.5, 'top_k', 1 + dice.below(4)), ...dice.maybe(0.3, 'explain', true) },
    };
  if (at < 68) return { kind: 'select', args: selectArgs(dice) };
  if (at < 80) return { kind: 'feedback', which: dice.below(6), rating: 1 + dice.below(5), ...dice.maybe(0.4, 'words', 'as asked') };
  if (at < 93) return { kind: 'episode', args: episodeArgs(dice) };
  if (at < 96)
    return { kind: 'register', tools: dice.some(TOOLS, 1).map((name) => ({ name, ...dice.maybe(0.7, 'description', `${name} does it`) })) };
  if (at < 98) return { kind: 'train', batches: 1 + dice.below(3), ...dice.maybe(0.7, 'batch_size', 1 + dice.below(20)) };
  return { kind: 'reset' };
}

const POLICIES = ['optimistic', 'ucb', 'epsilon_greedy', 'thompson', 'softmax', 'greedy'];
/** Near each other, so that calls are now and then just fast enough; and seldom one that costs the most that time can. */
const TIMES = [0, 60, 62, 64, 66, 68, 80, 90, 100, 110, 120];
const LONG_TIME = 60_001;

function recordArgs(dice: Dice, named: boolean): RecordArgs {
  return {
    session_id: dice.of(SESSIONS),
    tool_name: dice.of(TOOLS),
    success: dice.chance(0.7),
    ...dice.maybe(0.7, 'execution_time_ms', dice.chance(0.02) ? LONG_TIME : dice.of(TIMES)),
    ...dice.maybe(0.7, 'query', dice.of(QUERIES)),
    ...dice.maybe(0.6, 'arguments', { limit: 10 * dice.below(3), format: dice.of(['json', 'text']) }),
    ...dice.maybe(0.3, 'user_rating', 1 + dice.below(5)),
    ...dice.maybe(0.3, 'available_tools', dice.some(TOOLS, 1)),
    ...dice.maybe(0.1, 'is_terminal', true),
    ...dice.maybe(named ? 1 : 0.5, 'execution_id', dice.newId()),
  };
}

function stateArgs(dice: Dice): StateArgs {
  return {
    ...dice.maybe(0.7, 'query', dice.of(QUERIES)),
    ...dice.maybe(0.7, 'session_id', dice.of(SESSIONS)),
    ...dice.maybe(0.15, 'previous_tool', dice.of(TOOLS)),
    ...dice.maybe(0.15, 'recent_tools', dice.some(TOOLS, 0)),
    ...dice.maybe(0.1, 'session_length', dice.below(4)),
    ...dice.maybe(0.5, 'available_tools', dice.some([...TOOLS, 'never_called'], 0)),
  };
}

function selectArgs(dice: Dice): SelectArgs {
  const { recent_tools: _, ...state } = stateArgs(dice); // select_tool does not take it
  return { ...state, available_tools: dice.some(TOOLS, 1), ...dice.maybe(0.5, 'policy', dice.of(POLICIES)) };
}

/** Now and then the episode before, again. */
function episodeArgs(dice: Dice): EpisodeArgs {
  const again = dice.last_episode;
  if (again !== null && dice.chance(0.25)) return again;
  dice.last_episode = newEpisode(dice);
  return dice.last_episode;
}

function newEpisode(dice: Dice): EpisodeArgs {
  return {
    session_id: dice.of(SESSIONS),
    outcome: dice.of(['success', 'success', 'partial', 'failure'] as const),
    ...dice.maybe(
      0.3,
      'tool_sequence',
      Array.from({ length: dice.below(6) }, () => dice.of(TOOLS)),
    ),
    ...dice.maybe(0.4, 'episode_reward', dice.of([-30, 12.5, 100])),
  };
}

const LIMITS = [1, 3, 50];

function read(dice: Dice): Read {
  const limit = dice.of(LIMITS);
  const session = dice.of(SESSIONS);
  const reads: readonly Read[] = [
    {
      kind: 'next',
      ...(dice.chance(0.5) ? { recent_tools: dice.some(TOOLS, 0) } : { session_id: session }),
      ...dice.maybe(0.4, 'available_tools', dice.some(TOOLS, 1)),
    },
    { kind: 'suggest', tool_name: dice.of(TOOLS), ...dice.maybe(0.4, 'partial_args', { limit: 99 }) },
    { kind: 'metrics', limit },
    { kind: 'policy', limit },
    { kind: 'executions', limit, ...dice.maybe(0.3, 'tool_name', dice.of(TOOLS)), ...dice.maybe(0.3, 'session_id', session) },
    { kind: 'episodes', limit, successful: dice.chance(0.5), ...dice.maybe(0.3, 'session_id', session) },
    { kind: 'stats', window: dice.of([1, 5, 10_000]) },
    { kind: 'repeat', which: dice.below(8), otherwise: dice.chance(0.2) },
    { kind: 'repeat', which: dice.below(3), otherwise: false },
    { kind: 'bad', ...dice.of(BAD) },
    { kind: 'bad', ...dice.of(BAD) },
  ];
  return dice.of(reads);
}

const RECORD = { session_id: 'one', tool_name: 'search', success: true };

/** Calls that are refused, each with a word that the error must say. */
const BAD: readonly { readonly tool: string; readonly args: Readonly<Record<string, unknown>>; readonly names: string }[] = [
  { tool: 'record_execution', args: { ...RECORD, user_rating: 6 }, names: 'user_rating' },
  { tool: 'record_execution', args: { ...RECORD, execution_time_ms: -1 }, names: 'execution_time_ms' },
  { tool: 'record_execution', args: { ...RECORD, tool_name: 'two words' }, names: 'tool_name' },
  { tool: 'record_execution', args: { ...RECORD, success: 'yes' }, names: 'success' },
  { tool: 'record_execution', args: { ...RECORD, session_id: '' }, names: 'session_id' },
  { tool: 'record_execution', args: { ...RECORD, succes: true }, names: 'succes' },
  { tool: 'record_execution', args: { ...RECORD, recommendation_id: 'of nobody' }, names: 'recommendation_id' },
  { tool: 'submit_feedback', args: { execution_id: 'of nobody', rating: 3 }, names: 'execution_id' },
  { tool: 'log_episode', args: { session_id: 'one', outcome: 'Success' }, names: 'outcome' },
  { tool: 'log_episode', args: { session_id: 'one', outcome: 'success', tool_sequence: ['a b'] }, names: 'tool_sequence' },
  { tool: 'select_tool', args: { available_tools: [] }, names: 'available_tools' },
  { tool: 'recommend_tools', args: { top_k: 0 }, names: 'top_k' },
  { tool: 'next_tool_by_sequence', args: {}, names: 'recent_tools' },
  { tool: 'get_history', args: { kind: 'executions', cursor: 'of nobody' }, names: 'cursor' },
  { tool: 'register_tools', args: { tools: [{ name: 'no name' }] }, names: 'name' },
  { tool: 'train', args: { batches: 0 }, names: 'batches' },
];
