import { contextId } from '../core/context.ts';
import { explorationRate } from '../core/exploration.ts';
import type { Learner } from '../core/learner/learner.ts';
import type { Candidate } from '../core/policies/candidate.ts';
import { type PolicyName, policyByName } from '../core/policies/policy-by-name.ts';
import { sample } from '../core/policies/sampler.ts';
import { seededUniform } from '../core/random.ts';
import type { Ranker } from '../core/rankers/evidence.ts';
import { rankerByName } from '../core/rankers/ranker-by-name.ts';
import { countSelectionOf } from '../store/action-values.ts';
import { ensureContexts } from '../store/contexts.ts';
import type { Trx } from '../store/database.ts';
import { increment } from '../store/learner.ts';
import { type Draw, storeAdvice } from './advice.ts';
import type { Engine } from './engine.ts';
import { keptState } from './kept-texts.ts';
import { type Assessment, assess, decisionOf, type StateInput } from './situation.ts';

export interface SelectToolInput extends StateInput {
  readonly available_tools: readonly string[];
  readonly policy?: PolicyName | undefined;
}

export interface SelectToolOutput {
  readonly recommendation_id: string;
  readonly tool_name: string;
  /** The drawn tool is not the one that the ranker scores best. */
  readonly was_exploration: boolean;
  /** Probability with which the policy draws this tool here. */
  readonly propensity: number;
  /** Exploration rate that the draw was made with. */
  readonly exploration_rate: number;
  readonly policy: PolicyName;
}

const DEFAULT_POLICY: PolicyName = 'optimistic';
/** Separates the random numbers of selection from those of replay. */
const SELECTION_STREAM = 1;

/** Draws one tool by a policy with known probabilities, and counts the draw. */
export async function selectTool(engine: Engine, input: SelectToolInput): Promise<SelectToolOutput> {
  const policy = input.policy ?? DEFAULT_POLICY;
  const given = { ...keptState(input, engine.settings.recorded_text), available_tools: [...new Set(input.available_tools)] };
  const { ranker } = engine.settings;
  if (ranker === 'learned' || policy === 'optimistic') {
    return await engine.learner.decide(engine.write, (trx, learner) => selectLearned(engine, trx, learner, given, policy));
  }
  return await engine.write((trx) => selectByEvidence(engine, trx, rankerByName(ranker), given, policy));
}

/** Over the learner's scores; the other policies also count what was drawn for requests like this. */
async function selectLearned(
  engine: Engine,
  trx: Trx,
  learner: Learner,
  input: SelectToolInput,
  policy: PolicyName,
): Promise<SelectToolOutput> {
  const assessment = await assess(engine, trx, input, policy === 'optimistic' ? [] : ['request']);
  const prospects = learner.prospects(decisionOf(input, assessment));
  // In units of reward, as the policies count: softmax then draws by the fused probability.
  const values = prospects.map(({ fused }) => fused * engine.settings.hyperparameters.value_temperature);
  const candidates = candidatesOf(assessment, values).map((candidate, at) => ({ ...candidate, prospect: prospects[at] }));
  return await drawn(engine, trx, { input, policy, assessment, candidates });
}

async function selectByEvidence(
  engine: Engine,
  trx: Trx,
  rank: Ranker,
  input: SelectToolInput,
  policy: PolicyName,
): Promise<SelectToolOutput> {
  const assessment = await assess(engine, trx, input);
  const ranked = rank(assessment.situation, engine.settings.hyperparameters);
  const values = new Map(ranked.map(({ tool_name, value }) => [tool_name, value]));
  const candidates = candidatesOf(
    assessment,
    assessment.situation.tools.map(({ tool_name }) => values.get(tool_name) ?? 0),
  );
  return await drawn(engine, trx, { input, policy, assessment, candidates });
}

interface Selection {
  readonly input: SelectToolInput;
  readonly policy: PolicyName;
  readonly assessment: Assessment;
  readonly candidates: readonly Candidate[];
}

/** Draws, stores the draw with its propensity, and counts it. */
async function drawn(engine: Engine, trx: Trx, selection: Selection): Promise<SelectToolOutput> {
  const { input, policy, assessment } = selection;
  const { selection_count, selections_since_reset } = await increment(trx, 'selection_count', 'selections_since_reset');
  const exploration_rate = explorationRate(selections_since_reset - 1, engine.settings.hyperparameters);
  const { tool_name, was_exploration, propensity } = draw(engine, selection, { exploration_rate, draw_number: selection_count });
  const how: Draw = { was_exploration, propensity, exploration_rate };
  const recommendation_id = engine.newId();
  await storeAdvice(engine, trx, { recommendation_id, input, assessment, policy, tools: [tool_name], draw: how });
  await countDraw(engine, trx, assessment.hashes.request, tool_name);
  return { recommendation_id, tool_name, was_exploration, propensity, exploration_rate, policy };
}

function draw(
  engine: Engine,
  { policy, assessment, candidates }: Selection,
  { exploration_rate, draw_number }: { readonly exploration_rate: number; readonly draw_number: number },
): Pick<SelectToolOutput, 'tool_name' | 'was_exploration' | 'propensity'> {
  const uniform = seededUniform(engine.seed, SELECTION_STREAM, draw_number);
  const state = { exploration_rate, total_selections: assessment.selection_count, uniform };
  const probabilities = policyByName(policy)(candidates, state, engine.settings.hyperparameters);
  const at = sample(probabilities, uniform());
  const greatest = candidates.reduce((most, candidate) => Math.max(most, candidate.value), Number.NEGATIVE_INFINITY);
  const { tool_name = '', value = 0 } = candidates[at] ?? {};
  return { tool_name, was_exploration: value < greatest, propensity: probabilities[at] ?? 0 };
}

/** The candidates in the caller's order, each with the value that the ranker gives it, in the same order. */
function candidatesOf(assessment: Assessment, values: readonly number[]): Candidate[] {
  return assessment.situation.tools.map((tool, at) => ({
    tool_name: tool.tool_name,
    value: values[at] ?? 0,
    successes: tool.request === null ? 0 : tool.request.success_rate * tool.request.visit_count,
    calls: tool.request?.visit_count ?? 0,
    selection_count: assessment.selections.get(tool.tool_name) ?? 0,
  }));
}

/** Counts a draw of the tool in the context of its request. @param context_hash of the request's context */
export async function countDraw(engine: Engine, trx: Trx, context_hash: string, tool_name: string): Promise<void> {
  const context_id = contextId(context_hash);
  const [tool_id = 0] = await engine.catalogue.ids(trx, [tool_name]);
  await ensureContexts(trx, [{ context_id, context_hash, level: 'request' }]);
  await countSelectionOf(trx, { context_id, tool_id }, engine.clock());
}
