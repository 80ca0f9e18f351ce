import type { Hyperparameters } from '../hyperparameters.ts';
import { roundHalfEven } from '../statistics.ts';
import type { Ranked, Situation, ToolEvidence } from './evidence.ts';

interface Factor {
  readonly name: string;
  readonly value: number;
  /** Words in the reason; null: none. */
  readonly words: string | null;
}

const BASE = 0.5;
const BASELINE_REASON = 'Baseline recommendation';

/**
 * The reference's ranking: a confidence of 0.5 plus a fixed bonus or malus for success rate (> 0.8: +0.2, < 0.5: −0.2), mean rating
 * (≥ 4: +0.15, < 3: −0.15), mean time (under a second: +0.1), a positive Q-value of the exact context (+min(0.2, Q/10)) and sample size
 * (≥ min_samples: +0.05); clamped to [0, 1] and rounded to 3 decimals, halves to even. Kept for comparison: it ties often, ignores
 * negative Q-values, and one lucky call outranks 160 successes of 200. Source: the reference implementation, get_tool_recommendations.
 */
export function reference(situation: Situation, h: Hyperparameters): Ranked[] {
  return situation.tools.map((tool) => rated(tool, h)).sort((a, b) => b.score - a.score);
}

function rated(tool: ToolEvidence, h: Hyperparameters): Ranked {
  const factors = factorsOf(tool, h).filter((factor) => factor.words !== null);
  const raw = factors.reduce((sum, factor) => sum + factor.value, BASE);
  const confidence = roundHalfEven(Math.min(1, Math.max(0, raw)), 3);
  return {
    tool_name: tool.tool_name,
    score: confidence,
    confidence,
    reason: factors.map((factor) => factor.words).join(', ') || BASELINE_REASON,
    value: tool.exact?.q_value ?? 0,
    parts: [
      { name: 'base', value: BASE },
      ...factors.map(({ name, value }) => ({ name, value })),
      { name: 'clamp_and_rounding', value: confidence - raw },
    ],
  };
}

function factorsOf(tool: ToolEvidence, h: Hyperparameters): readonly Factor[] {
  return [successFactor(tool), ratingFactor(tool), timeFactor(tool), valueFactor(tool), samplesFactor(tool, h)];
}

function successFactor(tool: ToolEvidence): Factor {
  const rate = tool.total_calls === 0 ? BASE : tool.success_count / tool.total_calls;
  if (rate > 0.8) return { name: 'success_rate', value: 0.2, words: 'high success rate' };
  return { name: 'success_rate', value: -0.2, words: rate < 0.5 ? 'low success rate' : null };
}

function ratingFactor(tool: ToolEvidence): Factor {
  const rating = tool.rated_calls === 0 ? 0 : tool.rating_sum / tool.rated_calls;
  if (rating >= 4) return { name: 'rating', value: 0.15, words: 'high user rating' };
  return { name: 'rating', value: -0.15, words: rating > 0 && rating < 3 ? 'low user rating' : null };
}

function timeFactor(tool: ToolEvidence): Factor {
  const mean_ms = tool.timed_calls === 0 ? 0 : tool.total_time_ms / tool.timed_calls;
  return { name: 'time', value: 0.1, words: mean_ms > 0 && mean_ms < 1000 ? 'fast execution' : null };
}

function valueFactor(tool: ToolEvidence): Factor {
  const q = tool.exact?.q_value ?? 0;
  return { name: 'q_value', value: Math.min(0.2, q / 10), words: q > 0 ? 'RL policy favor' : null };
}

function samplesFactor(tool: ToolEvidence, h: Hyperparameters): Factor {
  return { name: 'samples', value: 0.05, words: tool.total_calls >= h.min_samples ? 'sufficient samples' : null };
}
