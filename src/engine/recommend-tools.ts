import type { Learner } from '../core/learner/learner.ts';
import type { Ranked, Ranker, ToolEvidence } from '../core/rankers/evidence.ts';
import { rankerByName } from '../core/rankers/ranker-by-name.ts';
import { ratio } from '../core/statistics.ts';
import type { Trx } from '../store/database.ts';
import { RANKED, storeAdvice } from './advice.ts';
import type { Engine } from './engine.ts';
import { type Assessment, assess, decisionOf, type StateInput } from './situation.ts';

export interface RecommendToolsInput extends StateInput {
  readonly top_k?: number | undefined;
  readonly explain?: boolean | undefined;
}

export interface RecommendedTool {
  readonly rank: number;
  readonly tool_name: string;
  /** Ranks; comparable within one answer only. */
  readonly score: number;
  /** Probability in [0, 1]: that the tool is called here and succeeds (ranker `learned`), or that a call of it succeeds. */
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
  const transact = read_only ? engine.read : engine.write;
  if (ranker === 'learned') return await engine.learner.decide(transact, (trx, learner) => recommendLearned(engine, trx, learner, input));
  return await transact((trx) => recommendByEvidence(engine, trx, rankerByName(ranker), input));
}

/** The answer shows the Q-value of the exact context; all else of the ranking is the learner's. */
async function recommendLearned(engine: Engine, trx: Trx, learner: Learner, input: RecommendToolsInput): Promise<RecommendToolsOutput> {
  const assessment = await assess(engine, trx, input, ['exact']);
  return await answered(engine, trx, { input, assessment, ranked: learner.rank(decisionOf(input, assessment)) });
}

async function recommendByEvidence(engine: Engine, trx: Trx, rank: Ranker, input: RecommendToolsInput): Promise<RecommendToolsOutput> {
  const assessment = await assess(engine, trx, input);
  return await answered(engine, trx, { input, assessment, ranked: rank(assessment.situation, engine.settings.hyperparameters) });
}

interface Ranking {
  readonly input: RecommendToolsInput;
  readonly assessment: Assessment;
  readonly ranked: readonly Ranked[];
}

async function answered(engine: Engine, trx: Trx, { input, assessment, ranked }: Ranking): Promise<RecommendToolsOutput> {
  const evidence = new Map(assessment.situation.tools.map((tool) => [tool.tool_name, tool]));
  const best = ranked.slice(0, input.top_k ?? DEFAULT_TOP_K);
  const recommendation_id = engine.newId();
  const tools = best.map((tool) => tool.tool_name);
  const { read_only, ranker } = engine.settings;
  if (!read_only) await storeAdvice(engine, trx, { recommendation_id, input, assessment, policy: ranker, tools, draw: RANKED });
  return {
    recommendation_id,
    context_hash: assessment.hashes.exact,
    recommendations: best.map((tool, at) => recommended(tool, at + 1, evidence.get(tool.tool_name), input.explain === true)),
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
