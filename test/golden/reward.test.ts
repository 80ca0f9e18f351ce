import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/hyperparameters.ts';
import { computeReward } from '../../src/core/reward.ts';
import { expectClose, loadGolden, REFERENCE } from './support.ts';

interface RewardFile {
  readonly cases: readonly {
    readonly id: string;
    readonly success: boolean;
    readonly user_rating: number | null;
    readonly execution_time_ms: number | null;
    readonly avg_execution_time_ms: number | null;
    readonly reward: number;
    readonly tags: readonly string[];
  }[];
  readonly service_cases: readonly { readonly id: string; readonly steps: readonly ServiceStep[] }[];
}

interface ServiceStep {
  readonly tool: string;
  readonly success: boolean;
  readonly execution_time_ms: number | null;
  readonly rating_before_reward: number | null;
  readonly avg_execution_time_ms_after_logging: number | null;
  readonly reward: number;
}

const { cases, service_cases } = loadGolden<RewardFile>('reward');

test('the file holds cases', () => {
  expect(cases.length).toBeGreaterThan(0);
  expect(service_cases.length).toBeGreaterThan(0);
});

describe('one call under the settings of the reference', () => {
  test.each(cases)('$id has the reward of the reference', ({ avg_execution_time_ms, reward, ...call }) => {
    const got = computeReward({ ...call, average_time_ms: avg_execution_time_ms }, REFERENCE);
    expectClose(got.reward, reward);
    const { outcome, rating, time, speed } = got.components;
    expectClose(outcome + rating + time + speed, reward, 'sum of the parts');
  });
});

/** Each step with the tool's mean time before it and with it, kept as a sum and a count like the product's. */
function withMeans(steps: readonly ServiceStep[]) {
  const times = new Map<string, number[]>();
  return steps.map((step) => {
    const before = times.get(step.tool) ?? [];
    const after = step.execution_time_ms === null ? before : [...before, step.execution_time_ms];
    times.set(step.tool, after);
    return { step, mean_before: mean(before), mean_after: mean(after) };
  });
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rewardOf(step: ServiceStep, average_time_ms: number | null): number {
  return computeReward({ ...step, user_rating: step.rating_before_reward, average_time_ms }, REFERENCE).reward;
}

describe('calls of one database in order', () => {
  test.each(service_cases)('$id matches when the mean counts the call judged, as in the reference', ({ steps }) => {
    for (const { step, mean_after } of withMeans(steps)) {
      if (step.avg_execution_time_ms_after_logging !== null) expectClose(mean_after, step.avg_execution_time_ms_after_logging, 'mean time');
      expectClose(rewardOf(step, step.avg_execution_time_ms_after_logging), step.reward, step.tool);
    }
  });

  test.each(service_cases)(
    '$id loses no bonus to fault 39 (the mean includes the sample judged) with the mean of earlier calls',
    ({ steps }) => {
      for (const { step, mean_before } of withMeans(steps)) {
        const time_ms = step.execution_time_ms ?? 0;
        const isFast = time_ms > 0 && mean_before !== null && time_ms < 0.8 * mean_before;
        expectClose(rewardOf(step, mean_before), rewardOf(step, null) + (isFast ? 2 : 0), step.tool);
      }
    },
  );
});

test('fault 39: 790 ms after 1000 ms is fast against the earlier mean, not against one that includes it', () => {
  const call = { success: true, user_rating: null, execution_time_ms: 790 };
  expect(computeReward({ ...call, average_time_ms: 1000 }, DEFAULTS).components.speed).toBe(2);
  expect(computeReward({ ...call, average_time_ms: (1000 + 790) / 2 }, DEFAULTS).components.speed).toBe(0);
});
