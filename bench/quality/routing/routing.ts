import type { Progress } from '../progress.ts';
import type { Section } from '../section.ts';
import { descriptionRouter, learnedRouter, type MakeRouter, randomRouter } from './routers.ts';
import { type LabelledQuery, type StreamOptions, streamOf } from './stream.ts';

/** A kind of stream. */
export interface RoutingTrial extends Omit<StreamOptions, 'seed' | 'rounds'> {
  readonly name: string;
}

/** What one router earned: means over the seeds, in [0, 1]. */
export interface Earned {
  /** Share of all rounds in which the right tool was chosen. */
  readonly average: number;
  /** The same over the last {@link LATEST} rounds. */
  readonly latest: number;
}

export interface RoutingFigures {
  readonly trial: RoutingTrial;
  readonly learned: Earned;
  /** null: the tools have no descriptions. */
  readonly description_match: Earned | null;
  readonly random: Earned;
}

const LATEST = 1_000;
const PLAIN = { skew: 0, noise: 0, drift: false } as const;

export const ROUTING_TRIALS: readonly RoutingTrial[] = [
  { ...PLAIN, name: 'names hidden', shown: false },
  { ...PLAIN, name: 'names shown', shown: true },
  { ...PLAIN, name: 'names hidden, skew 1', shown: false, skew: 1 },
  { ...PLAIN, name: 'names shown, skew 1', shown: true, skew: 1 },
  { ...PLAIN, name: 'names hidden, 10 % noise', shown: false, noise: 0.1 },
  { ...PLAIN, name: 'names shown, 10 % noise', shown: true, noise: 0.1 },
  { ...PLAIN, name: 'names shown, drift half-way', shown: true, drift: true },
];

/** The learned router on one trial, and beside it what it must beat; each sees the same stream. */
export function routeTrial(
  data: readonly LabelledQuery[],
  trial: RoutingTrial,
  { seeds, rounds }: { readonly seeds: readonly number[]; readonly rounds: number },
  progress: Progress,
): RoutingFigures {
  const play = (make: MakeRouter, onRound?: () => void) =>
    meanOf(seeds.map((seed) => earned(playStream(make, data, { ...trial, seed, rounds }, onRound))));
  return {
    trial,
    learned: play(learnedRouter, () => progress.advance(1, `routing, ${trial.name}`)),
    description_match: trial.shown ? play(descriptionRouter) : null,
    random: play(randomRouter),
  };
}

/** Whether the right tool was chosen, round by round. The router sees the outcome, which noise may have flipped. */
export function playStream(make: MakeRouter, data: readonly LabelledQuery[], options: StreamOptions, onRound?: () => void): boolean[] {
  const stream = streamOf(data, options);
  const router = make(stream.tools, options.seed, options.shown);
  return stream.queries.map((query, round) => {
    const chosen = router.choose(query, round);
    const is_right = chosen === stream.rightTool(round);
    router.learn(query, round, chosen, stream.outcome(is_right));
    onRound?.();
    return is_right;
  });
}

export function routingSection(figures: readonly RoutingFigures[], seeds: readonly number[], rounds: number): Section {
  const head = [
    'average reward',
    'learned',
    'description match',
    'random',
    `last ${Math.min(LATEST, rounds)}: learned`,
    'description match',
    'random',
  ];
  const share = (value: number | undefined) => value?.toFixed(3) ?? '–';
  const cells = figures.map(({ trial, learned, description_match, random }) => [
    trial.name,
    ...[share(learned.average), share(description_match?.average), share(random.average)],
    ...[share(learned.latest), share(description_match?.latest), share(random.latest)],
  ]);
  return { title: 'Routing under bandit feedback', cells: [head, ...cells], notes: notesOn(seeds, rounds) };
}

function notesOn(seeds: readonly number[], rounds: number): string[] {
  const drawn = `${seeds.length === 1 ? 'seed' : 'mean of the seeds'} ${seeds.join(', ')}`;
  return [
    `${rounds} rounds of BANKING77 (Casanueva et al. 2020; 77 intents as tools); ${drawn}. Each round one tool is chosen, and only its outcome is seen.`,
    'Noise: so many outcomes are flipped; the reward counts the true ones. Drift: half-way, half of the intents move to other tools.',
  ];
}

function earned(right: readonly boolean[]): Earned {
  return { average: share(right), latest: share(right.slice(-LATEST)) };
}

function meanOf(all: readonly Earned[]): Earned {
  const mean = (value: (one: Earned) => number) => all.reduce((sum, one) => sum + value(one), 0) / all.length;
  return { average: mean((one) => one.average), latest: mean((one) => one.latest) };
}

function share(right: readonly boolean[]): number {
  return right.filter(Boolean).length / right.length;
}
