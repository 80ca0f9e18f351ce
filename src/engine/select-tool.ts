import { contextId } from '../core/context.ts';
import { explorationRate } from '../core/exploration.ts';
import type { Candidate } from '../core/policies/candidate.ts';
import { type PolicyName, policyByName } from '../core/policies/policy-by-name.ts';
import { sample } from '../core/policies/sampler.ts';
import { seededUniform } from '../core/random.ts';
import { rankerByName } from '../core/rankers/ranker-by-name.ts';
import { countSelectionOf } from '../store/action-values.ts';
import { ensureContexts } from '../store/contexts.ts';
import type { Trx } from '../store/database.ts';
import { increment } from '../store/learner.ts';
import { type Draw, storeAdvice } from './advice.ts';
import type { Engine } from './engine.ts';
import { type Assessment, assess, type StateInput } from './situation.ts';

export interface SelectToolInput extends StateInput {
  readonly available_tools: readonly string[];
  readonly policy?: PolicyName | undefined;
}

export interface SelectToolOutput {
  readonly recommendation_id: string;
  readonly tool_name: string;
  /** The drawn tool is not the one with the greatest value. */
  readonly was_exploration: boolean;
  /** Probability with which the policy draws this tool here. */
  readonly propensity: number;
  /** Exploration rate that the draw was made with. */
  readonly exploration_rate: number;
  readonly policy: PolicyName;
}

const DEFAULT_POLICY: PolicyName = 'ucb';
/** Separates the random numbers of selection from those of replay. */
const SELECTION_STREAM = 1;

/** Draws one tool by a policy with known probabilities, and counts the draw. */
export async function selectTool(engine: Engine, input: SelectToolInput): Promise<SelectToolOutput> {
  const policy = input.policy ?? DEFAULT_POLICY;
  const available_tools = [...new Set(input.available_tools)];
  return await engine.write(async (trx) => {
    const assessment = await assess(engine, trx, { ...input, available_tools });
    const counters = await increment(trx, 'selection_count', 'selections_since_reset');
    const exploration_rate = explorationRate(counters.selections_since_reset - 1, engine.settings.hyperparameters);
    const { tool_name, was_exploration, propensity } = draw(engine, assessment, {
      policy,
      exploration_rate,
      draw_number: counters.selection_count,
    });
    const drawn: Draw = { was_exploration, propensity, exploration_rate };
    const recommendation_id = engine.newId();
    await storeAdvice(engine, trx, { recommendation_id, input, assessment, policy, tools: [tool_name], draw: drawn });
    await countDraw(engine, trx, assessment, tool_name);
    return { recommendation_id, tool_name, was_exploration, propensity, exploration_rate, policy };
  });
}

function draw(
  engine: Engine,
  assessment: Assessment,
  choice: { readonly policy: PolicyName; readonly exploration_rate: number; readonly draw_number: number },
): Pick<SelectToolOutput, 'tool_name' | 'was_exploration' | 'propensity'> {
  const candidates = candidatesOf(engine, assessment);
  const uniform = seededUniform(engine.seed, SELECTION_STREAM, choice.draw_number);
  const state = { exploration_rate: choice.exploration_rate, total_selections: assessment.selection_count, uniform };
  const probabilities = policyByName(choice.policy)(candidates, state, engine.settings.hyperparameters);
  const at = sample(probabilities, uniform());
  const greatest = Math.max(...candidates.map((candidate) => candidate.value));
  const { tool_name = '', value = 0 } = candidates[at] ?? {};
  return { tool_name, was_exploration: value < greatest, propensity: probabilities[at] ?? 0 };
}

/** The candidates in the caller's order, each with the expected reward that the ranker gives it. */
function candidatesOf(engine: Engine, assessment: Assessment): Candidate[] {
  const ranked = rankerByName(engine.settings.ranker)(assessment.situation, engine.settings.hyperparameters);
  const values = new Map(ranked.map((tool) => [tool.tool_name, tool.value]));
  return assessment.situation.tools.map((tool) => ({
    tool_name: tool.tool_name,
    value: values.get(tool.tool_name) ?? 0,
    successes: tool.request === null ? 0 : tool.request.success_rate * tool.request.visit_count,
    calls: tool.request?.visit_count ?? 0,
    selection_count: assessment.selections.get(tool.tool_name) ?? 0,
  }));
}

async function countDraw(engine: Engine, trx: Trx, assessment: Assessment, tool_name: string): Promise<void> {
  const context_hash = assessment.hashes.request;
  const context_id = contextId(context_hash);
  const [tool_id = 0] = await engine.catalogue.ids(trx, [tool_name]);
  await ensureContexts(trx, [{ context_id, context_hash, level: 'request' }]);
  await countSelectionOf(trx, { context_id, tool_id }, engine.clock());
}
