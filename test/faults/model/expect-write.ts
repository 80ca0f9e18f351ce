import { expect } from 'vitest';
import type { Answers } from '../../helpers/answers.ts';
import { type Expected, near, refusal, rewardOf } from './expect-record.ts';
import { type Execution, type Model, mean } from './model.ts';
import { Sequences } from './sequences.ts';
import type { EpisodeArgs, StateArgs, Write } from './steps.ts';

type Of<Kind extends Write['kind']> = Extract<Write, { readonly kind: Kind }>;

const TOP_K = 5;
const WORTH = { success: 1, partial: 0.5, failure: 0 } as const;
const OUTCOME_REWARD = { success: 10, partial: 5, failure: -5 } as const;

export function expectRegister(model: Model, { tools }: Of<'register'>, maybe_twice: boolean): Expected<Answers['register_tools']> {
  const fresh = tools.filter(({ name }) => !model.registered.has(name)).length;
  const total = new Set([...model.known(), ...tools.map(({ name }) => name)]).size;
  return {
    answer: { total, ...(maybe_twice ? {} : { registered: fresh, updated: tools.length - fresh }) },
    apply: () => {
      for (const { name } of tools) model.registered.add(name);
    },
  };
}

export function expectRecommend(model: Model, { args }: Of<'recommend'>): Expected<Answers['recommend_tools']> {
  const candidates = args.available_tools ?? model.known();
  const context = model.contextOf(args);
  const count = Math.min(args.top_k ?? TOP_K, candidates.length);
  const answer = {
    recommendation_id: expect.stringMatching(/./),
    context_hash: model.hashOf(context),
    recommendations: Array.from({ length: count }, (_, at) => expect.objectContaining({ rank: at + 1 })),
  };
  return {
    answer,
    apply: ({ recommendation_id, context_hash, recommendations }) => {
      model.learnHash(context, context_hash);
      const tools = recommendations.map(({ tool_name }) => tool_name);
      expect(new Set(tools).size, 'a tool is ranked twice').toBe(tools.length);
      expect(tools.filter((tool) => !candidates.includes(tool))).toEqual([]);
      for (const entry of recommendations) expectRanked(model, context, entry, args.explain === true);
      const scores = recommendations.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      addAdvice(model, args, recommendation_id, tools);
    },
  };
}

type Ranked = Answers['recommend_tools']['recommendations'][number];

function expectRanked(model: Model, context: string, entry: Ranked, explained: boolean): void {
  const { calls, successes, times } = model.totals(entry.tool_name);
  const cell = model.values.cell(context, entry.tool_name);
  expect(entry).toMatchObject({
    support: calls,
    success_rate: calls === 0 ? null : near(successes / calls),
    avg_rating: orNull(mean(model.ratingsOf(entry.tool_name))),
    avg_execution_time_ms: orNull(mean(times)),
    q_value: cell === undefined ? 0 : near(cell.q),
  });
  expect(entry.confidence).toBeGreaterThanOrEqual(0);
  expect(entry.confidence).toBeLessThanOrEqual(1);
  const sum = Object.values(entry.parts ?? {}).reduce((total, part) => total + part, 0);
  if (explained) expect(sum).toBeCloseTo(entry.score, 7);
  else expect(entry.parts).toBeUndefined();
}

export function orNull(value: number | null): unknown {
  return value === null ? null : near(value);
}

function addAdvice(model: Model, args: StateArgs, recommendation_id: string, tools: readonly string[]): void {
  expect(model.advice.map((advice) => advice.recommendation_id)).not.toContain(recommendation_id);
  model.addAdvice({ recommendation_id, session: args.session_id ?? null, tools, answer: null }, args);
}

export function expectSelect(model: Model, { args }: Of<'select'>): Expected<Answers['select_tool']> {
  const exploration_rate = model.explorationRate();
  return {
    answer: { policy: args.policy ?? 'optimistic', exploration_rate: near(exploration_rate), was_exploration: expect.any(Boolean) },
    apply: ({ recommendation_id, tool_name, propensity }) => {
      expect(args.available_tools).toContain(tool_name);
      expect(propensity).toBeGreaterThan(0);
      expect(propensity).toBeLessThanOrEqual(1 + 1e-12);
      drawn(model);
      addAdvice(model, args, recommendation_id, [tool_name]);
    },
  };
}

/** Counts one draw of select_tool. */
export function drawn(model: Model): void {
  model.rates.push(model.explorationRate());
  model.draws_since_reset += 1;
}

export function expectFeedback(
  model: Model,
  step: Of<'feedback'>,
  call: Execution,
  maybe_twice: boolean,
): Expected<Answers['submit_feedback']> {
  const { rating, words } = step;
  const isSame = call.rating === rating && words === undefined;
  const reward = isSame ? call.reward : rewardOf({ ...call, rating }).reward;
  const before = model.values.cell(call.context, call.tool)?.q ?? null;
  const after = isSame ? before : model.values.afterRating(call, reward - call.reward);
  const told = { execution_id: call.execution_id, rating, reward_after: near(reward), q_value_after: near(after) };
  return {
    answer: maybe_twice ? told : { ...told, reward_before: near(call.reward), q_value_before: near(before) },
    apply: ({ q_value_after }) => {
      call.rating = rating;
      call.reward = reward;
      call.words = words ?? call.words;
      model.values.told(call.context, call.tool, q_value_after);
    },
  };
}

export function expectEpisode(model: Model, args: EpisodeArgs, maybe_twice: boolean): Expected<Answers['log_episode']> {
  const { steps, episode: last } = model.session(args.session_id);
  const tools = args.tool_sequence ?? steps.map(({ tool }) => tool);
  if (steps.length === 0 && last !== null) {
    const isSame = args.outcome === last.outcome && (args.episode_reward ?? last.reward) === last.reward;
    const isSameSequence = args.tool_sequence === undefined || JSON.stringify(tools) === JSON.stringify(last.tools);
    const stored = { episode_id: last.episode_id, duplicate: true, tool_sequence: last.tools, episode_reward: last.reward };
    if (isSame && isSameSequence) return { answer: { ...stored, outcome: last.outcome }, apply: () => {} };
    if (args.tool_sequence === undefined) return refusal(/session/);
  }
  const earned = steps.reduce((sum, { reward }) => sum + reward, 0);
  const reward = args.episode_reward ?? (steps.length === 0 ? OUTCOME_REWARD[args.outcome] : earned);
  const credit = args.episode_reward ?? reward / Math.max(1, steps.length);
  const answer = {
    ...(maybe_twice ? {} : { duplicate: false }),
    tool_sequence: tools,
    episode_reward: near(reward),
    outcome: args.outcome,
    ngrams_updated: Sequences.countOf(tools),
  };
  return {
    answer,
    apply: ({ episode_id, episode_reward, ngrams_updated }) => {
      const episode = {
        episode_id,
        session: args.session_id,
        outcome: args.outcome,
        tools,
        reward: episode_reward,
        ngrams: ngrams_updated,
      };
      model.episodes.push(episode);
      model.change(args.session_id, { steps: [], episode });
      model.sequences.feed(args.session_id, tools, credit, WORTH[args.outcome]);
    },
  };
}

export function expectTrain(model: Model, { batches, batch_size = model.batch_size }: Of<'train'>): Expected<Answers['train']> {
  const run = model.executions.length >= batch_size ? batches : 0;
  return {
    answer: { batches: run, transitions: run * batch_size, avg_td_error: run === 0 ? null : expect.any(Number) },
    apply: () => model.replayed(run),
  };
}

export function expectReset(model: Model): Expected<Answers['reset_exploration']> {
  return {
    answer: { exploration_rate: near(0.1) },
    apply: () => {
      model.draws_since_reset = 0;
    },
  };
}
