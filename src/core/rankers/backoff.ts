import type { ContextLevel } from '../context.ts';
import type { Hyperparameters } from '../hyperparameters.ts';
import { NEUTRAL_RATING } from '../reward.ts';
import { betaMean } from '../statistics.ts';
import type { Cell, Ranked, Situation, ToolEvidence } from './evidence.ts';

/** From the coarsest context to the finest: each corrects the one before. */
const COARSE_TO_FINE: readonly ContextLevel[] = Object.freeze(['previous', 'request', 'step', 'exact']);
/** The levels whose cells hold mean rewards; the exact one holds a return. */
const MEAN_REWARD_LEVELS: readonly ContextLevel[] = Object.freeze(['previous', 'request', 'step']);
/** A request tells less of its next step than the step does, since part of its work is done: its back-off weighs more by this factor. */
const REQUEST_SHRINKAGE = 1.5;
/** Wins that every tool is given before the first call, so that a new one keeps its chance. */
const BASE_WINS = 1;

/**
 * The default ranking: what worked in this context, corrected by how well it worked. Log-linear, so that the parts sum to the score:
 *
 *     score = ln(n·share) + (r − r₀)/τ + A/τ
 *
 * `share` is the tool's part of the successes, backed off from all calls to the previous tool, the request, the step and the exact context
 * ({@link shareOfSuccesses}); `r` its expected reward with the same back-off ({@link expectedReward}), r₀ that of a tool never called; A a
 * bounded advantage from the exact Q-value ({@link advantage}); τ = value_temperature. Without evidence every tool scores 0. O(tools).
 * confidence: {@link successProbability}. value: r + A.
 * Source: the optimum of expected reward with a KL penalty τ towards past behaviour, π(a) ∝ μ(a)·exp(r(a)/τ) (Peters et al. 2010,
 * Relative Entropy Policy Search); back-off as in MacKay & Peto 1995, A Hierarchical Dirichlet Language Model.
 */
export function backoff(situation: Situation, h: Hyperparameters): Ranked[] {
  const { tools } = situation;
  const shares = shareOfSuccesses(tools, h);
  const unknown = rewardOf(h.success_prior_mean, h);
  return tools
    .map((tool, at) => {
      const reward = expectedReward(tool, h);
      const bonus = advantage(tool.exact, h);
      const habit = Math.log(tools.length * (shares[at] ?? 0));
      return ranked(tool, h, {
        habit,
        value: reward + bonus,
        reward: (reward - unknown) / h.value_temperature,
        q_value: bonus / h.value_temperature,
      });
    })
    .sort((a, b) => b.score - a.score);
}

function ranked(
  tool: ToolEvidence,
  h: Hyperparameters,
  judged: { readonly habit: number; readonly reward: number; readonly q_value: number; readonly value: number },
): Ranked {
  return {
    tool_name: tool.tool_name,
    score: judged.habit + judged.reward + judged.q_value,
    confidence: successProbability(tool, h),
    reason: reasonFor(tool),
    value: judged.value,
    parts: [
      { name: 'habit', value: judged.habit },
      { name: 'expected_reward', value: judged.reward },
      { name: 'q_value', value: judged.q_value },
    ],
  };
}

/**
 * Each candidate's part of the successes, from coarse to fine: s_l(a) ∝ wins_l(a) + k·s_{l−1}(a)·(κ/(κ + failures_l(a)))², with κ = shrinkage
 * and k = κ, or 1.5 κ for the request; the start is one win each. The last factor makes the benefit of the doubt fade with every failure,
 * so that a tool that keeps failing here falls below one never tried. Sums to 1 over the candidates, each above 0.
 */
export function shareOfSuccesses(tools: readonly ToolEvidence[], h: Pick<Hyperparameters, 'shrinkage'>): Float64Array {
  const shares = new Float64Array(tools.length).fill(1 / tools.length);
  refine(shares, tools, 'overall', { weight: BASE_WINS * tools.length, shrinkage: h.shrinkage });
  for (const level of COARSE_TO_FINE) {
    const weight = level === 'request' ? REQUEST_SHRINKAGE * h.shrinkage : h.shrinkage;
    refine(shares, tools, level, { weight, shrinkage: h.shrinkage });
  }
  return shares;
}

/** One step of the back-off, in place: this runs for every candidate of every recommendation, so it allocates nothing. */
function refine(
  shares: Float64Array,
  tools: readonly ToolEvidence[],
  level: ContextLevel | 'overall',
  k: { readonly weight: number; readonly shrinkage: number },
): void {
  let total = 0;
  let at = 0;
  for (const tool of tools) {
    const cell = level === 'overall' ? null : tool[level];
    const wins = level === 'overall' ? tool.success_count : cell === null ? 0 : cell.visit_count * cell.success_rate;
    const calls = level === 'overall' ? tool.total_calls : (cell?.visit_count ?? 0);
    const doubt = k.shrinkage / (k.shrinkage + calls - wins);
    const share = wins + k.weight * (shares[at] ?? 0) * doubt * doubt;
    shares[at++] = share;
    total += share;
  }
  for (let each = 0; each < at; each++) shares[each] = (shares[each] ?? 0) / total;
}

/**
 * Expected reward of a call, from coarse to fine: r_l = (n_l·m_l + κ·r_{l−1}) / (n_l + κ), with m_l the mean reward over the n_l visits of
 * the context and κ = shrinkage. The start is the Beta-shrunken success rate on the scale of rewards, plus 2 for each star of the shrunken
 * mean rating above 3.
 */
export function expectedReward(tool: ToolEvidence, h: Hyperparameters): number {
  const overall = betaMean(tool.success_count, tool.total_calls, h.success_prior_mean, h.success_prior_strength);
  const stars = (tool.rating_sum - NEUTRAL_RATING * tool.rated_calls) / (tool.rated_calls + h.shrinkage);
  let reward = rewardOf(overall, h) + h.rating_weight * stars;
  for (const level of MEAN_REWARD_LEVELS) {
    const cell = tool[level];
    if (cell !== null) reward = shrunken(cell.q_value, cell.visit_count, reward, h);
  }
  return reward;
}

/**
 * Probability in [0, 1] that a call of the tool succeeds here: (n·p + κ·p₀) / (n + κ), p its success rate over the n calls in the finest
 * context it was called in, p₀ its Beta-shrunken rate overall. One level only: the same calls stand in the coarser ones again.
 */
export function successProbability(tool: ToolEvidence, h: Hyperparameters): number {
  const overall = betaMean(tool.success_count, tool.total_calls, h.success_prior_mean, h.success_prior_strength);
  const finest = tool.exact ?? tool.step ?? tool.request ?? tool.previous;
  return finest === null ? overall : shrunken(finest.success_rate, finest.visit_count, overall, h);
}

/**
 * What the Q-value of the exact context adds, in units of reward: B·tanh(Q/2B)·n/(n + κ) with B = reward_success. Of Q's sign, within ±B,
 * 0 for a pair never met: a return says more than the next reward does, but grows with the discount and must not drown the rest.
 */
export function advantage(exact: Cell | null, h: Pick<Hyperparameters, 'reward_success' | 'shrinkage'>): number {
  if (exact === null || h.reward_success === 0) return 0;
  const bounded = h.reward_success * Math.tanh(exact.q_value / (2 * h.reward_success));
  return (bounded * exact.visit_count) / (exact.visit_count + h.shrinkage);
}

function rewardOf(success_probability: number, h: Pick<Hyperparameters, 'reward_success' | 'reward_failure'>): number {
  return h.reward_failure + success_probability * (h.reward_success - h.reward_failure);
}

function shrunken(mean: number, n: number, coarser: number, h: Pick<Hyperparameters, 'shrinkage'>): number {
  return (n * mean + h.shrinkage * coarser) / (n + h.shrinkage);
}

/** The finest evidence that is easy to put in words. */
function reasonFor(tool: ToolEvidence): string {
  const { exact, request, previous } = tool;
  if (request !== null) return record(request, 'for requests like this');
  if (exact !== null) return record(exact, 'in this situation');
  if (previous !== null) return record(previous, 'after the same previous tool');
  if (tool.total_calls > 0) return counted(tool.success_count, tool.total_calls, 'overall');
  return 'not called yet';
}

/** The rate forgets: beyond its memory it is no longer a count, and is told as a share. */
function record(cell: Cell, where: string): string {
  const successes = cell.success_rate * cell.visit_count;
  const whole = Math.round(successes);
  if (Math.abs(successes - whole) < 1e-6) return counted(whole, cell.visit_count, where);
  return `succeeded about ${Math.round(100 * cell.success_rate)} % of the time lately, ${Math.round(cell.visit_count)} calls ${where}`;
}

function counted(by_weight: number, calls_by_weight: number, where: string): string {
  const [successes, calls] = [Math.round(by_weight), Math.round(calls_by_weight)];
  const failures = calls - successes;
  const verb = failures > successes ? 'failed' : 'succeeded';
  return `${verb} ${Math.max(failures, successes)} of ${calls} ${calls === 1 ? 'time' : 'times'} ${where}`;
}
