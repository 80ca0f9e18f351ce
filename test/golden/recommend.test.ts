import { expect, test } from 'vitest';
import { canonicalContext } from '../../src/core/context.ts';
import { DOMAIN_KEYWORDS } from '../../src/core/hyperparameters.ts';
import { suggestParameters } from '../../src/core/parameters.ts';
import { seededUniform } from '../../src/core/random.ts';
import { reference } from '../../src/core/rankers/reference.ts';
import { expectSame, hasQuirk, loadGolden, REFERENCE, sha256 } from './support.ts';
import { NO_REPLAY, TableLearner } from './table-learner.ts';
import { mean, ToolLog } from './tool-log.ts';

interface Recommendation {
  readonly tool_name: string;
  readonly confidence: number;
  readonly reason: string;
  readonly metrics: { readonly success_rate: number; readonly avg_rating: number | null; readonly total_calls: number };
}

type Op =
  | {
      readonly op: 'log';
      readonly session_id: string;
      readonly tool: string;
      readonly success: boolean;
      readonly time_ms: number | null;
      readonly expect_id: number;
    }
  | { readonly op: 'rate'; readonly execution_id: number; readonly rating: number }
  | { readonly op: 'update_policy'; readonly tool: string; readonly context_hash: string; readonly reward: number }
  | { readonly op: 'metrics'; readonly tool: string | null; readonly expect: readonly Readonly<Record<string, unknown>>[] }
  | { readonly op: 'recent'; readonly tool: string | null; readonly limit: number; readonly expect: readonly unknown[] }
  | {
      readonly op: 'recommend';
      readonly user_query: string;
      readonly previous_tool: string | null;
      readonly session_length: number;
      readonly available_tools: readonly string[] | null;
      readonly context_hash: string;
      readonly expect: readonly Recommendation[];
    }
  | {
      readonly op: 'recommend_direct';
      readonly context_hash: string;
      readonly available_tools: readonly string[];
      readonly rl_policy: Readonly<Record<string, number>> | null;
      readonly expect: readonly Recommendation[];
    };

interface Case {
  readonly id: string;
  readonly min_samples: number;
  readonly tags: readonly string[];
  readonly ops: readonly Op[];
}

interface ParameterCase {
  readonly executions: readonly (readonly [success: boolean, rating: number | null])[];
  readonly limit: number;
  readonly partial_args: Readonly<Record<string, unknown>>;
  readonly result: {
    readonly suggested_params: unknown;
    readonly confidence: number;
    readonly reason: string;
    readonly sample_size?: number;
  };
}

const { cases, parameter_cases } = loadGolden<{ readonly cases: readonly Case[]; readonly parameter_cases: readonly ParameterCase[] }>(
  'recommend',
);

/** Runs a case and pairs what each op answers with what the reference did. */
function run(given: Case): { readonly op: Op; readonly got: unknown; readonly want: unknown }[] {
  const log = new ToolLog();
  const learner = new TableLearner({ ...NO_REPLAY, learning_rate: 1 }, seededUniform(1));
  const answers = { log, learner, min_samples: given.min_samples };
  return given.ops.map((op) => ({
    op,
    got: answer(op, answers),
    want: 'expect' in op ? op.expect : op.op === 'log' ? op.expect_id : undefined,
  }));
}

function answer(op: Op, state: { readonly log: ToolLog; readonly learner: TableLearner; readonly min_samples: number }): unknown {
  const { log, learner } = state;
  if (op.op === 'log')
    return log.add({ session_id: op.session_id, tool_name: op.tool, success: op.success, execution_time_ms: op.time_ms });
  if (op.op === 'rate') return log.rate(op.execution_id, op.rating);
  if (op.op === 'metrics') return log.metrics(op.tool);
  if (op.op === 'recent') return log.recent(op.tool, op.limit);
  if (op.op === 'recommend_direct') {
    const values = new Map(Object.entries(op.rl_policy ?? {}));
    return recommend(log, op.available_tools, state.min_samples, (tool) => values.get(`${tool}:${op.context_hash}`) ?? null);
  }
  if (op.op === 'recommend') {
    expect(sha256(canonicalContext({ ...op, query: op.user_query }, DOMAIN_KEYWORDS))).toBe(op.context_hash);
    return recommend(log, op.available_tools ?? log.toolNames(), state.min_samples, (tool) => learner.value(tool, op.context_hash));
  }
  learner.update({
    tool: op.tool,
    context: op.context_hash,
    reward: op.reward,
    next_context: null,
    available_tools: null,
    is_terminal: true,
  });
  return undefined;
}

function recommend(
  log: ToolLog,
  available: readonly string[],
  min_samples: number,
  valueFor: (tool: string) => number | null,
): Recommendation[] {
  const tools = available.map((tool) => log.evidence(tool, valueFor(tool)));
  const ranked = reference({ tools }, { ...REFERENCE, min_samples });
  return ranked.map(({ tool_name, confidence, reason }) => {
    const { total_calls, success_count, rating_sum, rated_calls } = log.evidence(tool_name, null);
    const metrics = { success_rate: mean(success_count, total_calls) ?? 0.5, avg_rating: mean(rating_sum, rated_calls), total_calls };
    return { tool_name, confidence, reason, metrics };
  });
}

test('the file holds cases', () => {
  expect(cases.length).toBeGreaterThan(0);
  expect(parameter_cases.length).toBeGreaterThan(0);
});

test.each(cases.filter(({ tags }) => !hasQuirk(tags)))('$id ($tags): every answer of the reference, by the ranker `reference`', (given) => {
  for (const [at, { op, got, want }] of run(given).entries()) expectSame(got, want, `op ${at} (${op.op})`);
});

test.each(cases.filter(({ tags }) => hasQuirk(tags, 'null-time-not-counted')))(
  'quirk:null-time-not-counted (fault 35): $id: a call without a time is a call',
  (given) => {
    const logged = new Map<string, boolean[]>();
    for (const { op, got } of run(given)) {
      if (op.op === 'log') logged.set(op.tool, [...(logged.get(op.tool) ?? []), op.success]);
      if (op.op !== 'metrics' || op.tool !== null) continue;
      const want = [...logged].map(([tool_name, outcomes]) => ({
        tool_name,
        total_calls: outcomes.length,
        success_rate: outcomes.filter(Boolean).length / outcomes.length,
      }));
      expect(got).toMatchObject(want);
    }
  },
);

test.each(cases.filter(({ tags }) => hasQuirk(tags, 'rating-range-unchecked')))(
  'quirk:rating-range-unchecked (fault 37): $id: a rating beyond 1 to 5 changes no answer',
  (given) => {
    const isSound = (op: Op) => op.op !== 'rate' || (op.rating >= 1 && op.rating <= 5);
    const answersOf = (ops: readonly Op[]) =>
      run({ ...given, ops })
        .filter(({ op }) => op.op !== 'rate')
        .map(({ got }) => got);
    expect(given.ops.every(isSound)).toBe(false);
    expect(answersOf(given.ops)).toEqual(answersOf(given.ops.filter(isSound)));
  },
);

/** The reference looks at the latest 2·limit calls and keeps, of those that succeeded with 4 stars or more, the latest `limit`. */
function examplesOf({ executions, limit }: ParameterCase) {
  const looked = executions.slice(-2 * limit).toReversed();
  const examples = looked.flatMap(([success, user_rating], age) =>
    success && (user_rating ?? 0) >= 4 ? [{ arguments: {}, user_rating, query: null, age }] : [],
  );
  return { examples, attempts: looked.length };
}

test.each(parameter_cases)('parameters from $executions.length executions, limit $limit: confidence, reason and sample size', (given) => {
  const { partial_args, limit, result } = given;
  const { suggested_params, confidence, reason, sample_size } = suggestParameters({
    ...examplesOf(given),
    partial_args,
    query: null,
    limit,
  });
  expectSame({ suggested_params, confidence, reason, sample_size }, { sample_size: 0, ...result });
});

test('fault 29: forty perfect executions suggest their arguments, with a confidence near 1', () => {
  const examples = Array.from({ length: 40 }, (_, age) => ({ arguments: { unit: 'EUR', depth: 2 }, user_rating: 5, query: null, age }));
  const suggestion = suggestParameters({ examples, partial_args: { depth: 3 }, query: null, limit: 100 });
  expect(suggestion.suggested_params).toEqual({ unit: 'EUR', depth: 3 });
  expect(suggestion.confidence).toBeGreaterThan(0.95);
});
