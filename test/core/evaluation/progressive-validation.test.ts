import { describe, expect, it } from 'vitest';
import type { Contender } from '../../../src/core/evaluation/contender.ts';
import { Markov } from '../../../src/core/evaluation/contenders/markov.ts';
import { Popularity } from '../../../src/core/evaluation/contenders/popularity.ts';
import { RepeatPrevious } from '../../../src/core/evaluation/contenders/repeat-previous.ts';
import { type Draw, ProgressiveValidation } from '../../../src/core/evaluation/progressive-validation.ts';
import type { Decision, LogEvent } from '../../../src/core/learner/log-event.ts';
import { call, ended, registered } from './log.ts';

const ABC = ['a', 'b', 'c'];

function validate(events: readonly LogEvent[], draw: Draw | null = null, contenders: readonly Contender[] = [new Popularity()]) {
  const validation = new ProgressiveValidation(contenders);
  for (const event of events) validation.observe(event, event.kind === 'execution' ? draw : null);
  return validation;
}

function ranksOf(...events: readonly LogEvent[]): (number | undefined)[] {
  return validate(events)
    .judged()
    .map(({ ranks }) => ranks[0]);
}

describe('progressive validation', () => {
  it('judges every contender on what it knew before the call', () => {
    const log = ['b', 'b', 'c', 'b', 'c'].map((tool) => call(tool, { available: ABC }));
    const judged = validate(log, null, [new Popularity(), new RepeatPrevious(), new Markov()]).judged();
    expect(judged).toEqual([
      { session: 's', repeats: false, ranks: [2, 2, 2] }, // nothing known: the caller's order
      { session: 's', repeats: true, ranks: [1, 1, 1] }, // b 1
      { session: 's', repeats: false, ranks: [3, 3, 3] }, // b 2, b→b
      { session: 's', repeats: false, ranks: [1, 2, 1] }, // b 2, c 1; after c nothing has followed
      { session: 's', repeats: false, ranks: [2, 2, 2] }, // b 3, c 1; b→b, b→c and b is more popular
    ]);
  });

  it('takes the tools known so far as the candidates where the log does not name them', () => {
    expect(ranksOf(registered('a'), registered('b'), call('b'), call('b'))).toEqual([2, 1]);
    expect(ranksOf(call('b', { available: ABC }), call('c'), call('c'))).toEqual([2, 3, 2]);
  });

  it('judges no choice from a single tool, nor of one that was not on offer', () => {
    expect(ranksOf(call('a', { available: ['a'] }), call('a', { available: ['a', 'a'] }))).toEqual([]);
    expect(ranksOf(registered('a'), registered('b'), call('never seen'))).toEqual([]);
    expect(ranksOf(call('c', { available: ['a', 'b'] }))).toEqual([]);
  });

  it('judges no failed call, nor the retry that mends it, but what else follows', () => {
    const failed = (tool: string) => call(tool, { success: false, available: ABC });
    const right = (tool: string, session = 's') => call(tool, { available: ABC, session });
    expect(ranksOf(failed('b'), right('b'))).toEqual([]);
    expect(ranksOf(failed('b'), failed('b'), right('b'), right('b'))).toEqual([1]);
    expect(ranksOf(failed('b'), right('c'))).toEqual([3]);
    expect(ranksOf(failed('b'), right('b', 'another'))).toEqual([2]);
    expect(ranksOf(failed('b'), ended('partial'), right('b'))).toEqual([2]);
  });

  it('leaves out the choices of an episode that was labelled a failure, and only these', () => {
    const step = (tool: string, session = 's') => call(tool, { available: ABC, session });
    expect(ranksOf(step('a'), ended('success'), step('b'), step('b'), ended('failure'), step('c'))).toEqual([1, 3]);
    expect(ranksOf(step('a'), step('c', 't'), ended('failure', 't'))).toEqual([1]);
    expect(ranksOf(step('a'), ended('partial'))).toEqual([1]);
  });

  it('asks every contender with the query and the session of the call, and shows it each event after', () => {
    const asked: [Decision, number][] = [];
    let seen = 0;
    const contender: Contender = {
      name: 'watching',
      rank: (decision) => {
        asked.push([decision, seen]);
        return decision.available;
      },
      observe: () => {
        seen += 1;
      },
    };
    validate([registered('a'), registered('b'), call('a', { query: 'go', session: 't' }), ended('success', 't')], null, [contender]);
    expect(asked).toEqual([[{ query: 'go', session: 't', available: ['a', 'b'] }, 2]]);
    expect(seen).toBe(4);
  });
});

describe('a drawn call', () => {
  const draw = { propensity: 0.25, candidates: ['b', 'a'] };

  it('is judged with its propensity and reward, whether it succeeded or not', () => {
    const draws = validate([call('a', { reward: 8 }), call('b', { success: false, reward: -6, session: 't' })], draw).draws();
    expect(draws).toMatchObject([
      { session: 's', choices: [{ propensity: 0.25, reward: 8, target_probability: 0, predicted_reward: 0, predicted_value: 0 }] },
      // By then popularity takes a. All calls: mean 8; a: (8 + 2·8)/3 = 8; b: never called, 8.
      { session: 't', choices: [{ propensity: 0.25, reward: -6, target_probability: 0, predicted_reward: 8, predicted_value: 8 }] },
    ]);
  });

  it('is ranked among the candidates it was drawn from, and agrees with what the target takes', () => {
    const validation = validate([call('b', { available: ABC })], draw);
    expect(validation.judged()).toEqual([{ session: 's', repeats: false, ranks: [1] }]);
    expect(validation.draws()).toMatchObject([{ choices: [{ target_probability: 1 }] }]);
  });

  it('foretells rewards by request and tool, shrunken to the mean', () => {
    const log = [
      call('a', { query: 'find file 1', reward: 10 }),
      call('b', { query: 'other', reward: -5 }),
      call('b', { query: 'find file 2', reward: 0 }),
    ];
    const [, , last] = validate(log, { ...draw, candidates: ['a', 'b'] }).draws();
    // Mean 2.5. a: (10 + 2·2.5)/3 = 5, for this request (10 + 2·5)/3 = 20/3. b: (−5 + 5)/3 = 0, not called for this request.
    expect(last?.choices[0]?.predicted_value).toBeCloseTo(20 / 3, 12);
    expect(last?.choices[0]?.predicted_reward).toBeCloseTo(0, 12);
    expect(last?.choices[0]?.target_probability).toBe(0);
  });

  it('has the reward that a later rating left it with', () => {
    const event = call('a', { reward: 10 });
    const validation = validate([event], draw);
    validation.observe({ kind: 'rating', seq: event.seq, rating: 1, reward: 6 });
    validation.observe({ kind: 'rating', seq: event.seq + 1000, rating: 1, reward: 0 });
    expect(validation.draws()).toMatchObject([{ choices: [{ reward: 6 }] }]);
  });
});
