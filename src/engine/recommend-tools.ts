import type { Learner } from '../core/learner/learner.ts';
import type { Ranked, Ranker } from '../core/rankers/evidence.ts';
import { rankerByName } from '../core/rankers/ranker-by-name.ts';
import { ratio } from '../core/statistics.ts';
import type { Trx } from '../store/database.ts';
import { cannotRecord } from '../store/storage-errors.ts';
import type { ToolRecord } from '../store/tools.ts';
import { RANKED, storeAdvice, unstoredId } from './advice.ts';
import type { Engine } from './engine.ts';
import { keptState } from './kept-texts.ts';
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
  /** Different sessions among them. */
  readonly sessions: number;
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
/** Milliseconds that an answer waits for a lock: it is of use without being remembered. */
const PATIENCE_MS = 1_000;

/** Ranks the tools for a request, best first, and remembers the answer so that the outcome can be joined to it. */
export async function recommendTools(engine: Engine, told: RecommendToolsInput): Promise<RecommendToolsOutput> {
  const input = keptState(told, engine.settings.recorded_text);
  if (engine.settings.read_only) return await recommendIn(engine, input, false);
  try {
    return await recommendIn(engine, input, true);
  } catch (error) {
    if (!cannotRecord(error)) throw error;
    return await recommendIn(engine, input, false);
  }
}

async function recommendIn(engine: Engine, input: RecommendToolsInput, is_stored: boolean): Promise<RecommendToolsOutput> {
  const { ranker } = engine.settings;
  const transact = <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    is_stored ? engine.write(work, { patience_ms: PATIENCE_MS }) : engine.read(work);
  if (ranker === 'learned') {
    return await engine.learner.decide(transact, (trx, learner) => recommendLearned(engine, trx, learner, { ...input, is_stored }));
  }
  return await transact((trx) => recommendByEvidence(engine, trx, rankerByName(ranker), { ...input, is_stored }));
}

/** A request, and whether the answer to it is remembered. */
interface Question extends RecommendToolsInput {
  readonly is_stored: boolean;
}

/** The answer shows the Q-value of the exact context; all else of the ranking is the learner's. */
async function recommendLearned(engine: Engine, trx: Trx, learner: Learner, input: Question): Promise<RecommendToolsOutput> {
  const assessment = await assess(engine, trx, input, ['exact']);
  return await answered(engine, trx, { input, assessment, ranked: learner.rank(decisionOf(input, assessment)) });
}

async function recommendByEvidence(engine: Engine, trx: Trx, rank: Ranker, input: Question): Promise<RecommendToolsOutput> {
  const assessment = await assess(engine, trx, input);
  return await answered(engine, trx, { input, assessment, ranked: rank(assessment.situation, engine.settings.hyperparameters) });
}

interface Ranking {
  readonly input: Question;
  readonly assessment: Assessment;
  readonly ranked: readonly Ranked[];
}

async function answered(engine: Engine, trx: Trx, { input, assessment, ranked }: Ranking): Promise<RecommendToolsOutput> {
  const exact = new Map(assessment.situation.tools.map((tool) => [tool.tool_name, tool.exact?.q_value ?? 0]));
  const best = ranked.slice(0, input.top_k ?? DEFAULT_TOP_K);
  const recommendation_id = input.is_stored ? engine.newId() : unstoredId(engine.newId());
  const tools = best.map((tool) => tool.tool_name);
  const policy = engine.settings.ranker;
  if (input.is_stored) await storeAdvice(engine, trx, { recommendation_id, input, assessment, policy, tools, draw: RANKED });
  return {
    recommendation_id,
    context_hash: assessment.hashes.exact,
    recommendations: best.map((tool, at) => ({
      rank: at + 1,
      ...recommended(tool, exact.get(tool.tool_name) ?? 0, assessment.records.get(tool.tool_name)),
      ...(input.explain === true ? { parts: Object.fromEntries(tool.parts.map((part) => [part.name, part.value])) } : {}),
    })),
  };
}

function recommended(ranked: Ranked, q_value: number, tool: ToolRecord | undefined): Omit<RecommendedTool, 'rank' | 'parts'> {
  return {
    tool_name: ranked.tool_name,
    score: ranked.score,
    confidence: ranked.confidence,
    reason: ranked.reason,
    q_value,
    support: tool?.total_calls ?? 0,
    sessions: tool?.session_count ?? 0,
    success_rate: ratio(tool?.success_count, tool?.total_calls),
    avg_rating: ratio(tool?.rating_sum, tool?.rated_calls),
    avg_execution_time_ms: ratio(tool?.total_time_ms, tool?.timed_calls),
  };
}
