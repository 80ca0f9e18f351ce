import { describe, expect, test } from 'vitest';
import { canonicalContext, type State } from '../../src/core/context.ts';
import { DOMAIN_KEYWORDS, type Hyperparameters } from '../../src/core/hyperparameters.ts';
import { valueConfidence } from '../../src/core/q-learning.ts';
import { seededUniform } from '../../src/core/random.ts';
import { reference } from '../../src/core/rankers/reference.ts';
import { computeReward } from '../../src/core/reward.ts';
import { type LoggedEpisode, NgramTable } from './ngram-table.ts';
import { expectClose, expectSame, loadGolden, REFERENCE, sha256 } from './support.ts';
import { NO_REPLAY, type Row, TableLearner } from './table-learner.ts';
import { mean, ToolLog } from './tool-log.ts';

interface Step {
  readonly context_hash: string;
  readonly recommendations: readonly (readonly [tool: string, confidence: number, reason: string])[];
  readonly tool: string;
  readonly success: boolean;
  readonly time_ms: number | null;
  readonly rating_before_reward: number | null;
  readonly execution_id: number;
  readonly next_context_hash: string;
  readonly reward: number;
  readonly confidence_after: number;
}

interface Session {
  readonly session_id: string;
  readonly user_query: string;
  readonly steps: readonly Step[];
  readonly outcome: LoggedEpisode['outcome'];
  readonly episode_reward: number;
  readonly next_after: readonly { readonly recent: readonly string[]; readonly result: readonly unknown[] }[];
}

interface Run {
  readonly id: string;
  readonly config: { readonly learning_rate: number; readonly discount_factor: number; readonly min_samples: number };
  readonly tools: readonly string[];
  readonly sessions: readonly Session[];
  readonly q_table: readonly Row[];
  readonly sequence_table: readonly unknown[];
  readonly metrics: readonly unknown[];
}

const NEXT_TOOLS = 3;

const { runs } = loadGolden<{ readonly runs: readonly Run[] }>('endtoend');

const hashOf = (state: State) => sha256(canonicalContext(state, DOMAIN_KEYWORDS));

/** The whole service in memory, under the settings of a run. */
class Service {
  readonly log = new ToolLog();
  readonly ngrams = new NgramTable();
  readonly learner: TableLearner;
  readonly #tools: readonly string[];
  readonly #h: Hyperparameters;

  constructor({ config, tools }: Run) {
    const { learning_rate, discount_factor, min_samples } = config;
    this.#h = { ...REFERENCE, learning_rate, discount_factor, min_samples };
    this.#tools = tools;
    this.learner = new TableLearner({ ...NO_REPLAY, learning_rate, discount_factor }, seededUniform(1));
  }

  recommend(context: string) {
    const tools = this.#tools.map((tool) => this.log.evidence(tool, this.learner.value(tool, context)));
    const ranked = reference({ tools }, this.#h);
    return ranked.map(({ tool_name, confidence, reason }) => [tool_name, confidence, reason]);
  }

  /** Logs, rates, rewards and learns one call. The mean time includes it, as the reference has it (fault 39). */
  execute(session_id: string, step: Step, context: string, next_context: string) {
    const { tool, success, time_ms: execution_time_ms, rating_before_reward: user_rating } = step;
    const execution_id = this.log.add({ session_id, tool_name: tool, success, execution_time_ms });
    if (user_rating !== null) this.log.rate(execution_id, user_rating);
    const { total_time_ms, timed_calls } = this.log.evidence(tool, null);
    const { reward } = computeReward(
      { success, user_rating, execution_time_ms, average_time_ms: mean(total_time_ms, timed_calls) },
      this.#h,
    );
    this.learner.update({ tool, context, reward, next_context, available_tools: this.#tools, is_terminal: false });
    return { execution_id, reward, confidence_after: valueConfidence(this.learner.value(tool, context)) };
  }
}

function replaySession(service: Service, session: Session): void {
  let previous_tool: string | null = null;
  for (const [session_length, step] of session.steps.entries()) {
    const what = `${session.session_id} step ${session_length}`;
    const context = hashOf({ query: session.user_query, previous_tool, session_length });
    const next_context = hashOf({ query: session.user_query, previous_tool: step.tool, session_length: session_length + 1 });
    expect([context, next_context]).toEqual([step.context_hash, step.next_context_hash]);
    expectSame(service.recommend(context), step.recommendations, `recommendations of ${what}`);
    const { execution_id, reward, confidence_after } = service.execute(session.session_id, step, context, next_context);
    expect(execution_id).toBe(step.execution_id);
    expectClose(reward, step.reward, `reward of ${what}`);
    expectClose(confidence_after, step.confidence_after, `confidence after ${what}`);
    previous_tool = step.tool;
  }
  service.ngrams.log({ tools: session.steps.map((step) => step.tool), reward: session.episode_reward, outcome: session.outcome });
}

test('the file holds runs', () => {
  expect(runs.length).toBeGreaterThan(0);
});

describe.each(runs)('run $id under the settings of the reference', (run) => {
  test('every recommendation, reward, value and next tool on the way', () => {
    const service = new Service(run);
    for (const session of run.sessions) {
      replaySession(service, session);
      for (const { recent, result } of session.next_after)
        expectSame(service.ngrams.next(recent, run.tools).slice(0, NEXT_TOOLS), result, 'next');
    }
  });

  test('the tables at the end', () => {
    const service = new Service(run);
    for (const session of run.sessions) replaySession(service, session);
    expectSame(service.learner.table(), run.q_table, 'q_table');
    expectSame(
      service.ngrams.table().map(([tools, ...numbers]) => [tools.join('->'), ...numbers]),
      run.sequence_table,
      'sequence_table',
    );
    expectSame(service.log.metrics(null), run.metrics, 'metrics');
  });
});
