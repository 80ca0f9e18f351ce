import type { Ranked, ToolEvidence } from '../core/rankers/evidence.ts';
import { rankerByName } from '../core/rankers/ranker-by-name.ts';
import { RANKED, storeAdvice } from './advice.ts';
import type { Engine } from './engine.ts';
import { type Assessment, assess, type StateInput } from './situation.ts';

export interface RecommendToolsInput extends StateInput {
  readonly top_k?: number | undefined;
  readonly explain?: boolean | undefined;
}

export interface RecommendedTool {
  readonly rank: number;
  readonly tool_name: string;
  /** Ranks; comparable within one answer only. */
  readonly score: number;
  /** Probability in [0, 1] that a call of the tool succeeds here. */
  readonly confidence: number;
  readonly reason: string;
  /** Q(s,a) of the exact context; 0 when it was never called in it. */
  readonly q_value: number;
  /** Executions of the tool that the averages rest on. */
  readonly support: number;
  readonly success_rate: number | null;
  readonly avg_rating: number | null;
  readonly avg_execution_time_ms: number | null;
  readonly parts?: Readonly<Record<string, number>>;
}

export interface RecommendToolsOutput {
  readonly recommendation_id: string;
  readonly context_hash: string;
  readonly recommendations: readonly RecommendedTool[];
}

const DEFAULT_TOP_K = 5;

/** Ranks the tools for a request, best first, and remembers the answer so that the outcome can be joined to it. */
export async function recommendTools(engine: Engine, input: RecommendToolsInput): Promise<RecommendToolsOutput> {
  const { read_only, ranker } = engine.settings;
  if (read_only) return await engine.read(async (trx) => answer(engine, await assess(engine, trx, input), input));
  return await engine.write(async (trx) => {
    const assessment = await assess(engine, trx, input);
    const output = answer(engine, assessment, input);
    const tools = output.recommendations.map((tool) => tool.tool_name);
    await storeAdvice(engine, trx, { recommendation_id: output.recommendation_id, input, assessment, policy: ranker, tools, draw: RANKED });
    return output;
  });
}

function answer(engine: Engine, assessment: Assessment, input: RecommendToolsInput): RecommendToolsOutput {
  const rank = rankerByName(engine.settings.ranker);
  const evidence = new Map(assessment.situation.tools.map((tool) => [tool.tool_name, tool]));
  const best = rank(assessment.situation, engine.settings.hyperparameters).slice(0, input.top_k ?? DEFAULT_TOP_K);
  return {
    recommendation_id: engine.newId(),
    context_hash: assessment.hashes.exact,
    recommendations: best.map((ranked, at) => recommended(ranked, at + 1, evidence.get(ranked.tool_name), input.explain === true)),
  };
}

function recommended(ranked: Ranked, rank: number, tool: ToolEvidence | undefined, explain: boolean): RecommendedTool {
  return {
    rank,
    tool_name: ranked.tool_name,
    score: ranked.score,
    confidence: ranked.confidence,
    reason: ranked.reason,
    q_value: tool?.exact?.q_value ?? 0,
    support: tool?.total_calls ?? 0,
    success_rate: ratio(tool?.success_count, tool?.total_calls),
    avg_rating: ratio(tool?.rating_sum, tool?.rated_calls),
    avg_execution_time_ms: ratio(tool?.total_time_ms, tool?.timed_calls),
    ...(explain ? { parts: Object.fromEntries(ranked.parts.map((part) => [part.name, part.value])) } : {}),
  };
}

/** A mean, or null when nothing was observed. */
export function ratio(sum: number | undefined, count: number | undefined): number | null {
  return sum === undefined || count === undefined || count === 0 ? null : sum / count;
}
