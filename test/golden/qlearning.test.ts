import { describe, expect, test } from 'vitest';
import { valueConfidence } from '../../src/core/q-learning.ts';
import { seededUniform } from '../../src/core/random.ts';
import { expectClose, expectSame, hasQuirk, loadGolden } from './support.ts';
import { NO_REPLAY, type Row, type Step, TableLearner } from './table-learner.ts';

interface GoldenStep extends Step {
  readonly td_error: number;
  readonly table_after: readonly Row[];
}

interface Sequence {
  readonly id: string;
  readonly learning_rate: number;
  readonly discount_factor: number;
  readonly tags: readonly string[];
  readonly steps: readonly GoldenStep[];
  readonly confidence: readonly (readonly [tool: string, context: string, value: number])[];
  readonly replay_buffer: readonly (readonly [string, string, number, string | null, boolean, number])[] | null;
}

interface QLearningFile {
  readonly sequences: readonly Sequence[];
  readonly confidence_function: readonly { readonly action_value: number; readonly confidence: number }[];
}

const { sequences, confidence_function } = loadGolden<QLearningFile>('qlearning');

function newLearner(sequence: Sequence): TableLearner {
  const { learning_rate, discount_factor } = sequence;
  return new TableLearner({ ...NO_REPLAY, learning_rate, discount_factor }, seededUniform(1));
}

/** What each step of the sequence leaves behind. */
function run(sequence: Sequence, change: (step: Step) => Step = (step) => step) {
  const learner = newLearner(sequence);
  return sequence.steps.map((step) => ({ td_error: learner.update(change(step)).td_error, table: learner.table() }));
}

function expectReference(sequence: Sequence, change?: (step: Step) => Step): void {
  const got = run(sequence, change);
  for (const [at, step] of sequence.steps.entries()) {
    expectClose(got[at]?.td_error, step.td_error, `TD error of step ${at}`);
    expectSame(got[at]?.table, step.table_after, `table after step ${at}`);
  }
}

test('the file holds cases', () => {
  expect(sequences.length).toBeGreaterThan(0);
  expect(confidence_function.length).toBeGreaterThan(0);
});

test.each(confidence_function)('an action value of $action_value has the confidence of the reference', ({ action_value, confidence }) => {
  expectClose(valueConfidence(action_value), confidence);
});

const sound = sequences.filter(({ tags }) => !hasQuirk(tags));

describe('sequences where the reference is sound', () => {
  test.each(sound)('$id ($tags): TD errors and the whole table after every step', (sequence) => expectReference(sequence));

  test.each(sound)('$id ($tags): confidence after the last step', (sequence) => {
    const learner = newLearner(sequence);
    for (const step of sequence.steps) learner.update(step);
    for (const [tool, context, want] of sequence.confidence) expectClose(valueConfidence(learner.value(tool, context)), want, tool);
  });
});

test.each(sequences.filter(({ replay_buffer }) => replay_buffer !== null))(
  '$id ($tags): every step is remembered for replay',
  (sequence) => {
    const learner = newLearner(sequence);
    for (const step of sequence.steps) learner.update(step);
    const priorities = learner.memory.priorities();
    const remembered = learner.memory
      .contents()
      .map((step, at) => [step.context, step.tool, step.reward, step.next_context, step.is_terminal, priorities[at]]);
    expectSame(remembered, sequence.replay_buffer, 'replay buffer');
  },
);

const terminalQuirks = sequences.filter(({ tags }) => hasQuirk(tags, 'terminal-with-next-bootstraps'));

describe('quirk:terminal-with-next-bootstraps (fault 10)', () => {
  test.each(terminalQuirks)('$id: a terminal step never bootstraps, even when a next context is given', (sequence) => {
    expectSame(
      run(sequence),
      run(sequence, (step) => (step.is_terminal ? { ...step, next_context: null } : step)),
    );
  });

  test.each(terminalQuirks)('$id: the numbers of the reference are those of steps that are not terminal', (sequence) => {
    expectReference(sequence, (step) => ({ ...step, is_terminal: false }));
  });
});

const colonQuirks = sequences.filter(({ tags }) => hasQuirk(tags, 'colon-in-tool-name'));

/** What the reference could not parse: with another letter in place of the colon, names behave. */
const withoutColon = (name: string) => name.replaceAll(':', '_');

describe('quirk:colon-in-tool-name (fault 30)', () => {
  test.each(colonQuirks)('$id: a colon in a name changes nothing, even when no tools are listed', (sequence) => {
    const renamed = run(sequence, (step) => ({
      ...step,
      tool: withoutColon(step.tool),
      available_tools: step.available_tools?.map(withoutColon) ?? null,
    }));
    const rename = ([tool, context, value, visits]: Row): Row => [withoutColon(tool), context, value, visits];
    expectSame(
      run(sequence).map(({ td_error, table }) => ({ td_error, table: table.map(rename) })),
      renamed,
    );
  });

  test.each(colonQuirks)(
    '$id: up to the first step whose future is to be found without a list, the numbers are the reference’s',
    (sequence) => {
      const at = sequence.steps.findIndex((step) => step.available_tools === null && step.next_context !== null);
      expectReference({ ...sequence, steps: at < 0 ? sequence.steps : sequence.steps.slice(0, at) });
    },
  );
});

test('fault 30: the future of "ns:a" counts when no tools are listed', () => {
  const learner = new TableLearner({ ...NO_REPLAY, learning_rate: 0.5 }, seededUniform(1));
  const step = { context: 't0', reward: 1, next_context: 't1', available_tools: null, is_terminal: false };
  learner.update({ ...step, tool: 'ns:a', context: 't1', reward: 10, next_context: null, is_terminal: true });
  expect(learner.update({ ...step, tool: 'b' }).td_error).toBeCloseTo(5.5, 12);
});
